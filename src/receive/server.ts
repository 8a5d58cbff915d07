import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { newId } from '../id.ts'
import { addApi } from './api.ts'
import { isStopping, trackConnections } from './drain.ts'
import { addEndpoint } from './endpoint.ts'
import { addHealth } from './health.ts'
import type { ServerOptions } from './options.ts'

/** Meta's limit for what a phone sends is higher, but every flow within its component limits stays below this. */
const BODY_LIMIT_BYTES = 1024 * 1024

/** Meta gives up after 10 s, so a request that takes longer to arrive has nobody waiting for its answer. */
const REQUEST_TIMEOUT_MS = 10_000
const HEADERS_TIMEOUT_MS = 10_000
/** Silence on a connection in the middle of a request or an answer. */
const CONNECTION_TIMEOUT_MS = 30_000
/** Longer than any usual proxy keeps its side (nginx 60 s, Caddy 120 s, Google 600 s): whoever closes first must be the proxy. */
const KEEP_ALIVE_TIMEOUT_MS = 620_000
/** How often Node looks for requests that are too slow. Its default of 30 s would triple the limit above. */
const LOOK_FOR_SLOW_EVERY_MS = 1_000
/** What is left of a refused body up to this size is read and thrown away, so that the sender can read the answer. */
const DISCARD_UP_TO_BYTES = 8 * BODY_LIMIT_BYTES

/** Timeouts a test may shorten; the defaults are for Meta and usual proxies. */
export interface ServerTimeouts {
  readonly requestMs?: number
  readonly lookForSlowEveryMs?: number
}

/** Builds the HTTP server of one process; `listen` is the caller's. Errors never say more than a status. */
export async function createServer(options: ServerOptions, timeouts: ServerTimeouts = {}): Promise<FastifyInstance> {
  const { requestMs = REQUEST_TIMEOUT_MS, lookForSlowEveryMs = LOOK_FOR_SLOW_EVERY_MS } = timeouts
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: requestMs,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: {
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestMs),
      connectionsCheckingInterval: lookForSlowEveryMs,
    },
    // A request that has reached a server that is stopping is answered like any other.
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: () => newId('req', options.clock.now()),
    routerOptions: { maxParamLength: 200 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: true } },
    frameworkErrors: (_error, _request, reply) => notFound(reply),
  })
  trackConnections(app)
  // Signatures are over the bytes as they came: nothing may parse them first.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    reply.header('cache-control', 'no-store')
    if (isStopping(app)) reply.header('connection', 'close')
  })
  app.setNotFoundHandler((_request, reply) => notFound(reply))
  app.setErrorHandler<FastifyError>((error, request, reply) => failed(options, error, request, reply))
  addHealth(app, options)
  if (options.endpoint !== undefined) await addEndpoint(app, options, options.endpoint)
  if (options.api !== undefined) await addApi(app, options.api)
  return app
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).send({ error: 'not found' })
}

/** What the framework refuses (413, 415, 400) keeps its status; anything else is ours and a 500. The body is empty either way. */
function failed(
  { log }: ServerOptions,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { statusCode = 500 } = error
  const refused = statusCode >= 400 && statusCode < 500
  if (!refused) log.error({ requestId: request.id, route: request.routeOptions.url, error }, 'request.failed')
  if (refused && Number(request.headers['content-length']) <= DISCARD_UP_TO_BYTES) reply.removeHeader('connection')
  return reply.code(refused ? statusCode : 500).send()
}

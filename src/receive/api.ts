import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { checkTokenSource } from '../flow/token-source.ts'
import type { JsonObject } from '../plugin/json.ts'
import { explain, say } from './api-refusal.ts'
import { addHandOverRoutes } from './hand-over-routes.ts'
import type { ApiOptions } from './options.ts'
import { readPayload } from './payload.ts'
import { TokenRefusedError } from './token-request.ts'

const YEAR_SECONDS = 366 * 24 * 3600

const attributes = Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), { maxProperties: 100 })

const tokenBody = Type.Object(
  {
    flow: Type.String({ minLength: 1, maxLength: 100 }),
    version: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    person: Type.Optional(attributes),
    source: Type.Optional(attributes),
    language: Type.Optional(Type.String({ pattern: '^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$' })),
    prefill: Type.Optional(attributes),
    expires_in: Type.Optional(Type.Integer({ minimum: 60, maximum: YEAR_SECONDS, description: 'Seconds.' })),
    token: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[\\x21-\\x7e]+$' })),
  },
  { additionalProperties: false },
)

interface TokenBody {
  readonly flow: string
  readonly version?: string
  readonly person?: JsonObject
  readonly source?: JsonObject
  readonly language?: string
  readonly prefill?: JsonObject
  readonly expires_in?: number
  readonly token?: string
}

/** Adds `/api/v1/…`, for the company's own programs. Errors say what to change: `{"error":{"code","message"}}`. */
export async function addApi(app: FastifyInstance, options: ApiOptions): Promise<void> {
  await app.register(
    async (api) => {
      api.removeAllContentTypeParsers()
      api.addContentTypeParser('application/json', { parseAs: 'buffer' }, readJson)
      api.addHook('onRequest', async (request, reply) => authorise(request, reply, options.token))
      api.setErrorHandler<FastifyError>(explain)
      api.post<{ Body: TokenBody }>('/tokens', { schema: { body: tokenBody } }, (request, reply) =>
        mint(options, request.body, reply),
      )
      if (options.handOvers !== undefined) addHandOverRoutes(api, options.handOvers)
      // So that a stranger learns nothing about which paths exist.
      api.all('/*', (_request, reply) => say(reply, 404, 'FG_API_NOT_FOUND', 'there is nothing at this path'))
    },
    { prefix: '/api/v1' },
  )
}

async function mint(options: ApiOptions, body: TokenBody, reply: FastifyReply): Promise<FastifyReply> {
  const { flow, version, person = {}, language, prefill = {}, expires_in: expiresInSeconds, token } = body
  const checked = checkTokenSource(body.source ?? {})
  if (!checked.ok) return say(reply, 400, 'FG_API_BAD_REQUEST', checked.problem)
  try {
    const minted = await options.mintToken({
      flow,
      person,
      source: checked.source,
      prefill,
      ...(version === undefined ? {} : { version }),
      ...(language === undefined ? {} : { language }),
      ...(expiresInSeconds === undefined ? {} : { expiresInSeconds }),
      ...(token === undefined ? {} : { token }),
    })
    return reply.code(201).send({ token: minted.token, expires_at: minted.expiresAt.toISOString() })
  } catch (error) {
    if (error instanceof TokenRefusedError) return say(reply, 422, error.code, error.message)
    throw error
  }
}

function authorise(request: FastifyRequest, reply: FastifyReply, token: string | undefined): FastifyReply | undefined {
  if (token === undefined || token === '') {
    return say(reply, 403, 'FG_API_OFF', 'the API is off: set FLOWGATE_API_TOKEN and restart to switch it on')
  }
  const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  if (timingSafeEqual(digest(given), digest(token))) return undefined
  reply.header('www-authenticate', 'Bearer')
  return say(reply, 401, 'FG_API_UNAUTHORISED', 'send "Authorization: Bearer <FLOWGATE_API_TOKEN>"')
}

/** Read as a phone's payload is: what it holds ends in the same tables. */
function readJson(_request: FastifyRequest, body: Buffer, done: (error: Error | null, body?: unknown) => void): void {
  const read = readPayload(body)
  if (read === undefined) done(Object.assign(new Error('the body is not a JSON object'), { statusCode: 400 }))
  else done(null, read)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

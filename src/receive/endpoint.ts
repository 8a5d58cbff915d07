import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sayToStranger } from '../flow/words.ts'
import type { Json, JsonObject } from '../plugin/json.ts'
import { EnvelopeError, type OpenedEnvelope, openEnvelope, sealAnswer } from './envelope.ts'
import { type ErrorNotification, readErrorNotification } from './error-notification.ts'
import type { EdgeEvent } from './event.ts'
import type { EndpointOptions, FlowAtTheEdge, ServerOptions } from './options.ts'
import type { ExchangeReply } from './ports.ts'
import { type RequestLimits, requestLimits } from './request-limits.ts'
import { isSigned } from './signature.ts'
import { isTokenGenuine } from './token-signature.ts'

type Outcome = 'answered' | 'expired' | 'limited' | 'acknowledged' | 'failed'

const ACTIONS: ReadonlySet<unknown> = new Set(['INIT', 'BACK', 'data_exchange'])

const NOTHING = Buffer.alloc(0)

/** Everything one request needs on its way. */
interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly flow: string
  readonly receivedAt: Date
  /** When its first bytes were in, by the process's own timer. Milliseconds. */
  readonly begunMs: number
}

/** Adds `POST /flows/:flow`: the place where Meta's servers ask what a person sees next. */
export async function addEndpoint(
  app: FastifyInstance,
  server: ServerOptions,
  endpoint: EndpointOptions,
): Promise<void> {
  const limits = await requestLimits(app, endpoint.rateLimiter)
  const route = new Endpoint(server, endpoint, limits)
  // Before the body is read: a slow sender is part of what a person waits for.
  const begun = new WeakMap<FastifyRequest, number>()
  app.post<{ Params: { flow: string } }>(
    '/flows/:flow',
    {
      onRequest: (request, _reply, done) => {
        begun.set(request, performance.now())
        done()
      },
    },
    (request, reply) => {
      const begunMs = begun.get(request) ?? performance.now()
      return route.receive({ request, reply, flow: request.params.flow, receivedAt: server.clock.now(), begunMs })
    },
  )
}

/** The journey of one request, in order. Nothing leaves unsealed but the body of a 427 whose flow asks for it. */
class Endpoint {
  readonly #server: ServerOptions
  readonly #options: EndpointOptions
  readonly #limits: RequestLimits

  constructor(server: ServerOptions, options: EndpointOptions, limits: RequestLimits) {
    this.#server = server
    this.#options = options
    this.#limits = limits
  }

  async receive(exchange: Exchange): Promise<FastifyReply> {
    const { request, flow } = exchange
    const body = Buffer.isBuffer(request.body) ? request.body : NOTHING
    if (!isSigned(body, header(request, 'x-hub-signature-256'), this.#options.secrets)) return this.#unsigned(exchange)
    const known = this.#options.flows().get(flow)
    if (known === undefined) return this.#unknownFlow(exchange)
    let opened: OpenedEnvelope
    try {
      opened = await openEnvelope(body, this.#options.keys)
    } catch (error) {
      return this.#unopened(exchange, error)
    }
    this.#server.metrics.envelopesOpened.inc({ key: opened.openedBy.fingerprint.slice(0, 12) })
    return this.#answer(exchange, known, opened)
  }

  async #answer(exchange: Exchange, known: FlowAtTheEdge, opened: OpenedEnvelope): Promise<FastifyReply> {
    const { payload } = opened
    if (payload['action'] === 'ping') {
      return this.#send(exchange, opened, 'answered', ok({ data: { status: 'active' } }))
    }
    const notification = readErrorNotification(payload)
    if (notification !== undefined) {
      this.#notified(exchange, notification)
      return this.#send(exchange, opened, 'acknowledged', ok({ data: { acknowledged: true } }))
    }
    if (!isTokenGenuine(payload['flow_token_signature'], payload['flow_token'], this.#options.secrets)) {
      this.#tell({ kind: 'token-signature-refused', flow: exchange.flow, requestId: exchange.request.id })
      const { messages, expiredBody } = known.flow
      const plaintext = { error_msg: await sayToStranger(messages.expired) }
      return this.#send(exchange, opened, 'expired', { status: 427, plaintext, sealed: expiredBody === 'sealed' })
    }
    return this.#exchange(exchange, opened)
  }

  async #exchange(exchange: Exchange, opened: OpenedEnvelope): Promise<FastifyReply> {
    const { request, flow, receivedAt } = exchange
    const { payload } = opened
    const limited = await this.#limits.isOver(request, flow, payload['flow_token'])
    if (limited) {
      this.#server.metrics.rateLimited.inc({ flow })
      this.#tell({ kind: 'exchange-limited', flow, requestId: request.id })
    }
    let answer: ExchangeReply
    try {
      answer = await this.#options.answerExchange({ flow, payload, requestId: request.id, receivedAt, limited })
    } catch (error) {
      this.#count(exchange, payload, 'failed')
      this.#server.log.error({ requestId: request.id, flow, error }, 'exchange.failed')
      this.#tell({ kind: 'exchange-failed', flow, requestId: request.id, error })
      return exchange.reply.code(500).send()
    }
    return this.#send(exchange, opened, answer.status === 427 ? 'expired' : limited ? 'limited' : 'answered', answer)
  }

  #send(exchange: Exchange, opened: OpenedEnvelope, outcome: Outcome, answer: ExchangeReply): FastifyReply {
    const plaintext = JSON.stringify(answer.plaintext)
    this.#count(exchange, opened.payload, outcome)
    const reply = exchange.reply.code(answer.status)
    if (answer.status === 427 && !answer.sealed) return reply.type('application/json').send(plaintext)
    return reply.type('text/plain').send(sealAnswer(plaintext, opened.aesKey, opened.iv))
  }

  async #unsigned({ request, reply, flow }: Exchange): Promise<FastifyReply> {
    this.#server.metrics.signatureFailures.inc()
    const retryAfterSeconds = await this.#limits.unsignedRetryAfterSeconds(request)
    if (retryAfterSeconds !== undefined) return reply.code(429).header('retry-after', retryAfterSeconds).send()
    this.#server.log.warn({ requestId: request.id, flow: shown(flow) }, 'signature.refused')
    this.#tell({ kind: 'signature-refused', flow: shown(flow), requestId: request.id })
    return reply.code(432).send()
  }

  #unknownFlow({ request, reply, flow }: Exchange): FastifyReply {
    this.#server.log.warn({ requestId: request.id, flow: shown(flow) }, 'flow.unknown')
    this.#tell({ kind: 'flow-unknown', flow: shown(flow), requestId: request.id })
    return reply.code(404).send()
  }

  #unopened({ request, reply, flow }: Exchange, error: unknown): FastifyReply {
    if (!(error instanceof EnvelopeError)) throw error
    const { reason } = error
    this.#server.metrics.decryptFailures.inc({ reason })
    this.#server.log.warn({ requestId: request.id, flow, reason }, 'envelope.refused')
    this.#tell({ kind: 'envelope-refused', flow, requestId: request.id, reason })
    return reply.code(421).send()
  }

  #notified({ request, flow }: Exchange, notification: ErrorNotification): void {
    this.#server.log.warn(
      { requestId: request.id, flow, key: notification.key, screen: notification.screen },
      'error.notified',
    )
    this.#tell({ kind: 'error-notified', flow, requestId: request.id, notification })
  }

  #count({ request, flow, begunMs }: Exchange, payload: JsonObject, outcome: Outcome): void {
    const action = outcome === 'acknowledged' ? 'error_notification' : actionLabel(payload['action'])
    const seconds = (performance.now() - begunMs) / 1000
    this.#server.metrics.exchanges.inc({ flow, action, outcome })
    this.#server.metrics.exchangeSeconds.observe({ flow }, seconds)
    this.#server.log.info({ requestId: request.id, flow, action, outcome, seconds }, 'exchange.answered')
  }

  /** Whoever listens must not decide about the answer. */
  #tell(event: EdgeEvent): void {
    try {
      this.#options.onEvent?.(event)
    } catch (error) {
      this.#server.log.error({ requestId: event.requestId, kind: event.kind, error }, 'edge_event.failed')
    }
  }
}

function ok(plaintext: JsonObject): ExchangeReply {
  return { status: 200, plaintext, sealed: true }
}

/** Labels stay a closed set whatever is sent. */
function actionLabel(action: Json | undefined): string {
  if (action === 'ping') return 'ping'
  return typeof action === 'string' && ACTIONS.has(action) ? action : 'other'
}

/** A name a stranger chose, short enough to write down. */
function shown(flow: string): string {
  return flow.slice(0, 64)
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

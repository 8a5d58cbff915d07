import { type Call, FailureError, type Health, type JsonObject, type PluginContext } from 'flowgate/plugin'
import type { WebhookConfig } from './config.ts'
import { failureOf, stops, unavailable } from './failure.ts'
import { eventId, type Sign, signer } from './signing.ts'

/** One event, as receivers get it. */
export interface WebhookEvent {
  readonly type: string
  readonly data: JsonObject
  /** Records that it belongs to. */
  readonly links?: readonly JsonObject[]
}

/** Posts signed events. */
export interface Sender {
  /** Resolves with the event's id once the receiver has confirmed it. Rejects with a FailureError. */
  send(event: WebhookEvent, call: Call, url?: string): Promise<string>
  /** Asks with a signed GET, which receivers refuse to take for an event, whether somebody is there. */
  health(call: Call): Promise<Health>
}

// The standard's own advice is 15 to 30 seconds.
const LONGEST_MS = 20_000

/** A sender for these settings. Throws a FailureError that concerns the destination where they hold a mistake. */
export function webhookSender(config: WebhookConfig, context: PluginContext): Sender {
  const sign = soundSigner(config)
  const host = new URL(config.url).host
  const ask = async (url: string, method: 'GET' | 'POST', id: string, body: string, call: Call): Promise<Response> => {
    await context.spend('all', call.signal)
    const now = context.now()
    const type = method === 'POST' ? { 'content-type': 'application/json' } : {}
    const signal = AbortSignal.any([call.signal, AbortSignal.timeout(LONGEST_MS)])
    const headers = { ...lowered(config.headers), ...type, ...sign(id, now, body) }
    try {
      return await context.fetch(url, { method, headers, body: method === 'POST' ? body : null, signal })
    } catch (error) {
      if (error instanceof FailureError) throw error
      if (signal.aborted) throw unavailable(`${hostOf(url)} did not answer in time.`, error)
      throw unavailable(`${hostOf(url)} cannot be reached, or the connection broke (${wordOf(error)}).`, error)
    }
  }
  return {
    async send({ type, data, links }, call, url = config.url) {
      const id = eventId(call.idempotencyKey)
      const now = context.now()
      const body = JSON.stringify({ type, timestamp: now.toISOString(), data, ...(links ? { links } : {}) })
      const { ok, status, headers } = await ask(url, 'POST', id, body, call)
      if (!ok) throw failureOf(status, headers, hostOf(url), now)
      return id
    },
    async health(call) {
      try {
        const { ok, status, headers } = await ask(config.url, 'GET', 'msg_health', '', call)
        const failure = failureOf(status, headers, host, context.now())
        // A receiver of POSTs answers a GET with 400, 404 or 405 where all is well.
        const fine = ok || (status >= 400 && status < 500 && ![401, 403, 408, 410, 425, 429].includes(status))
        return fine ? { ok: true, account: host } : { ok: false, failure: failure.failure }
      } catch (error) {
        if (error instanceof FailureError) return { ok: false, failure: error.failure }
        throw error
      }
    },
  }
}

function soundSigner({ url, secrets, headers = {} }: WebhookConfig): Sign {
  try {
    if (!URL.canParse(url)) throw new Error('`url` is no URL: write it whole, as in https://hooks.example.com/flowgate')
    const own = Object.keys(headers).find((name) =>
      /^(?:webhook-.*|content-type|content-length|host|connection|transfer-encoding)$/iu.test(name),
    )
    if (own !== undefined) throw new Error(`the header ${own} is the plugin's own: leave it out`)
    return signer(secrets)
  } catch (error) {
    throw stops('FG_WEBHOOK_SETTINGS', error instanceof Error ? error.message : String(error))
  }
}

function lowered(headers: WebhookConfig['headers'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'The receiver'
}

function wordOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : undefined
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no reason was given'
}

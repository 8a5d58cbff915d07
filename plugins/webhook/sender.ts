import {
  type Call,
  FailureError,
  type Health,
  type JsonObject,
  type PluginContext,
  type SettingFault,
} from 'flowgate/plugin'
import type { WebhookConfig } from './config.ts'
import { failureOf, stops, unavailable } from './failure.ts'
import { eventId, type Sign, secretFault, signer } from './signing.ts'

/** One event, as receivers get it. */
export interface WebhookEvent {
  readonly type: string
  readonly data: JsonObject
  /** Records that it belongs to. */
  readonly links?: readonly JsonObject[]
}

/** A receiver other than that of `url`. */
export interface OtherReceiver {
  readonly url: string
  /** For the operator, who may have several at one host. */
  readonly whose: string
}

/** Posts signed events. */
export interface Sender {
  /** Resolves with the event's id once the receiver has confirmed it. Rejects with a FailureError. */
  send(event: WebhookEvent, call: Call, other?: OtherReceiver): Promise<string>
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
    async send({ type, data, links }, call, other) {
      const url = other?.url ?? config.url
      const id = eventId(call.idempotencyKey)
      const now = context.now()
      const body = JSON.stringify({ type, timestamp: now.toISOString(), data, ...(links ? { links } : {}) })
      const { ok, status, headers } = await ask(url, 'POST', id, body, call)
      if (!ok) throw failureOf(status, headers, other ? `${hostOf(url)} (${other.whose})` : hostOf(url), now)
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

function soundSigner(config: WebhookConfig): Sign {
  const [fault] = settingFaults(config)
  if (fault !== undefined) throw stops('FG_WEBHOOK_SETTINGS', fault.message)
  return signer(config.secrets)
}

/** What can never work in settings that fit the schema. */
export function settingFaults({ url, secrets, headers = {} }: WebhookConfig): readonly SettingFault[] {
  const own = Object.keys(headers).filter((name) =>
    /^(?:webhook-.*|content-type|content-length|host|connection|transfer-encoding)$/iu.test(name),
  )
  const whole = '`url` is no URL: write it whole, as in https://hooks.example.com/flowgate'
  return [
    ...(URL.canParse(url) ? [] : [{ path: ['url'], message: whole }]),
    ...own.map((name) => ({
      path: ['headers', name],
      message: `the header ${name} is the plugin's own: leave it out`,
    })),
    ...secrets.flatMap((secret, index) => {
      const message = secretFault(secret, index)
      return message === undefined ? [] : [{ path: ['secrets', index], message }]
    }),
  ]
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

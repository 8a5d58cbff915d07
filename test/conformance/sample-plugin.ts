import {
  type Call,
  type Deliverer,
  definePlugin,
  type Explanations,
  type Failure,
  type JsonSchema,
  type Message,
  type PersonAddress,
  type PluginContext,
  type Receipt,
  type SettingFault,
} from 'flowgate/plugin'

/** Settings of the sample plugin. */
export interface SampleConfig {
  readonly url: string
  readonly token: string
}

/** What the vendor answered, or that it did not (status 0). */
export class SampleError extends Error {
  readonly status: number
  readonly retryAfterSeconds: number

  constructor(status: number, retryAfterSeconds: number) {
    super(`the vendor answered ${status}`)
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** One request to the sample vendor; throws a `SampleError` unless it answered 2xx. */
async function request(config: SampleConfig, path: string, init: RequestInit): Promise<{ id?: string }> {
  const headers = { authorization: `Bearer ${config.token}`, 'content-type': 'application/json' }
  const response = await fetch(`${config.url}${path}`, { ...init, headers }).catch(() => undefined)
  if (!response?.ok) throw new SampleError(response?.status ?? 0, Number(response?.headers.get('retry-after') ?? 0))
  return (await response.json()) as { id?: string }
}

/** Writes one message. */
export async function post(config: SampleConfig, message: Message, call: Call): Promise<Receipt> {
  const note = message.late ? 'The CRM has not confirmed the record yet; the link follows.' : undefined
  const body = JSON.stringify({ key: call.idempotencyKey, text: message.title, note, link: message.link?.url })
  const { id = '' } = await request(config, '/messages', { method: 'POST', body, signal: call.signal })
  return { outcome: 'sent', id }
}

/** The message that carries the call's key, if there is one. */
export async function find(config: SampleConfig, call: Call): Promise<Receipt | undefined> {
  const { id } = await request(config, `/messages/${call.idempotencyKey}`, { signal: call.signal })
  return id ? { outcome: 'sent', id } : undefined
}

/** The least that keeps every promise of the contract. */
function sampleDeliverer(config: SampleConfig): Deliverer<Message> {
  return {
    async health(call) {
      try {
        await request(config, '/me', { signal: call.signal })
        return { ok: true, account: 'sample' }
      } catch (error) {
        const failure = sampleFailure(error)
        if (failure) return { ok: false, failure }
        throw error
      }
    },
    async deliver(message, call) {
      const found = call.uncertain ? await find(config, call) : undefined
      return found ?? post(config, message, call)
    },
    close: async () => {},
  }
}

/** The sample's `classify`. */
export function sampleFailure(error: unknown): Failure | undefined {
  if (!(error instanceof SampleError)) return undefined
  const code = `http_${error.status}`
  const message = error.message
  if (error.status === 429) {
    return { kind: 'rate-limited', code, message, retryAfterSeconds: error.retryAfterSeconds }
  }
  if (error.status === 401) return { kind: 'permanent', scope: 'destination', code, message }
  if (error.status === 422) return { kind: 'permanent', scope: 'record', code, message }
  return { kind: 'retryable', code, message }
}

/** The sample's settings. */
export const sampleSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url', 'token'],
  properties: {
    url: { type: 'string', description: 'The address of the vendor.' },
    token: { type: 'string', writeOnly: true, description: 'The token of the account.' },
  },
}

/** What a variant of the sample does differently. */
export interface SampleHabits {
  readonly name?: string
  readonly configSchema?: JsonSchema
  readonly failureCodes?: Explanations
  readonly persons?: readonly PersonAddress[]
  readonly faults?: readonly SettingFault[]
  readonly classify?: (error: unknown) => Failure | undefined
  /** What differs from `sampleDeliverer`, made anew for each instance. */
  readonly instance?: (config: SampleConfig, context: PluginContext) => Partial<Deliverer<Message>>
}

/** The sample plugin, good but for the given habits. */
export function samplePlugin(habits: SampleHabits = {}) {
  return definePlugin<'notification', SampleConfig>({
    apiVersion: 1,
    kind: 'notification',
    name: habits.name ?? 'sample',
    title: 'Sample',
    configSchema: habits.configSchema ?? sampleSchema,
    configure: (config, context) => ({ ...sampleDeliverer(config), ...habits.instance?.(config, context) }),
    classify: habits.classify ?? sampleFailure,
    failureCodes: habits.failureCodes,
    ...(habits.persons === undefined ? {} : { persons: habits.persons }),
    faults: () => habits.faults ?? [],
  })
}

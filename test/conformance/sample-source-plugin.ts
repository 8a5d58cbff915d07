import {
  type Call,
  definePlugin,
  type Explanations,
  type Failure,
  FailureError,
  type Json,
  type JsonObject,
  type JsonSchema,
  type PluginContext,
  type Query,
  type Source,
} from 'flowgate/plugin'

/** Settings of the sample source. */
export interface SampleSourceConfig {
  readonly url: string
  readonly token: string
}

/** What the vendor answered, or that it did not (status 0). */
export class SampleSourceError extends Error {
  readonly status: number
  readonly retryAfterSeconds: number

  constructor(status: number, retryAfterSeconds: number) {
    super(`the vendor answered ${status}`)
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds
  }
}

interface Answer {
  readonly status: number
  readonly body: Json
}

/** One request to the sample vendor; throws unless it answered 2xx or one of `others`. */
export async function request(
  config: SampleSourceConfig,
  context: PluginContext,
  call: Call,
  line: string,
  ...others: readonly number[]
): Promise<Answer> {
  const [method = '', path] = line.split(' ')
  const headers = { authorization: `Bearer ${config.token}` }
  const asking = context.fetch(`${config.url}${path}`, { method, headers, signal: call.signal })
  const response = await asking.catch(() => {
    throw new SampleSourceError(0, 0)
  })
  const { status } = response
  if (!response.ok && !others.includes(status)) {
    throw new SampleSourceError(status, Number(response.headers.get('retry-after') ?? 0))
  }
  return { status, body: (await response.json()) as Json }
}

/** The path of a member, or of a slot with the key of the call. */
export function pathOf(query: string, parameters: JsonObject, call: Call): string {
  if (query === 'member') return `/members/${encodeURIComponent(String(parameters['number']))}`
  return `/slots/${encodeURIComponent(String(parameters['slot']))}?key=${encodeURIComponent(call.idempotencyKey)}`
}

/** Why a query that there is not cannot be asked. */
function unknownQuery(query: string): FailureError {
  const message = `There is no query ${query}: ask for member.`
  return new FailureError({ kind: 'permanent', scope: 'record', code: 'no_query', message })
}

/** The least that keeps every promise of a source that reserves. */
function sampleSource(config: SampleSourceConfig, context: PluginContext): Required<Source> {
  const ask = (call: Call, line: string, ...others: readonly number[]) =>
    request(config, context, call, line, ...others)
  return {
    async health(call) {
      try {
        await ask(call, 'GET /me')
        return { ok: true, account: 'sample' }
      } catch (error) {
        const failure = sampleSourceFailure(error)
        if (failure) return { ok: false, failure }
        throw error
      }
    },
    async read(query, parameters, call) {
      if (query !== 'member') throw unknownQuery(query)
      const { status, body } = await ask(call, `GET ${pathOf(query, parameters, call)}`, 404)
      return status === 404 ? [] : [body]
    },
    async reserve(query, parameters, call) {
      const { status, body } = await ask(call, `PUT ${pathOf(query, parameters, call)}`, 409)
      return status === 409 ? undefined : body
    },
    async release(query, parameters, call) {
      await ask(call, `DELETE ${pathOf(query, parameters, call)}`, 404)
    },
    close: async () => {},
  }
}

/** The sample's `classify`. */
export function sampleSourceFailure(error: unknown): Failure | undefined {
  if (!(error instanceof SampleSourceError)) return undefined
  const code = `http_${error.status}`
  const message = error.message
  if (error.status === 429) {
    return { kind: 'rate-limited', code, message, retryAfterSeconds: error.retryAfterSeconds }
  }
  if (error.status === 401) return { kind: 'permanent', scope: 'destination', code, message }
  return { kind: 'retryable', code, message }
}

/** The sample's settings. */
export const sampleSourceSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url', 'token'],
  properties: {
    url: { type: 'string', format: 'guarded-url', description: 'The address of the vendor.' },
    token: { type: 'string', writeOnly: true, description: 'The token of the account.' },
  },
}

/** What the sample can be asked. */
export const sampleQueries: readonly Query[] = [
  { name: 'member', parameters: ['number'], purpose: 'read' },
  { name: 'hold', parameters: ['slot'], purpose: 'reserve' },
  { name: 'free', parameters: ['slot'], purpose: 'release' },
]

/** What a variant of the sample does differently. */
export interface SampleSourceHabits {
  readonly configSchema?: JsonSchema
  readonly failureCodes?: Explanations
  readonly queries?: readonly Query[]
  readonly classify?: (error: unknown) => Failure | undefined
  /** What differs from `good`, made anew for each instance. */
  readonly instance?: (
    config: SampleSourceConfig,
    context: PluginContext,
    good: Required<Source>,
  ) => Partial<Required<Source>>
}

/** The sample source, good but for the given habits. */
export function sampleSourcePlugin(habits: SampleSourceHabits = {}) {
  return definePlugin<'source', SampleSourceConfig>({
    apiVersion: 1,
    kind: 'source',
    name: 'sample-source',
    title: 'Sample source',
    configSchema: habits.configSchema ?? sampleSourceSchema,
    configure(config, context) {
      const good = sampleSource(config, context)
      return { ...good, ...habits.instance?.(config, context, good) }
    },
    queries: async () => habits.queries ?? sampleQueries,
    classify: habits.classify ?? sampleSourceFailure,
    failureCodes: habits.failureCodes,
  })
}

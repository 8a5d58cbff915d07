import {
  type Ability,
  type Call,
  type Crm,
  type CrmRecord,
  definePlugin,
  type Failure,
  FailureError,
  type Json,
  type JsonObject,
  type JsonSchema,
  type LookUp,
  type Receipt,
  type RecordLink,
} from 'flowgate/plugin'

/** Settings of the sample CRM. */
export interface SampleCrmConfig {
  readonly url: string
  readonly token: string
}

/** One record, as the sample's vendor shows it. */
export interface SampleRow {
  readonly id: string
  readonly fields: JsonObject
}

/** The sample CRM, or what a broken one of it does in its place. */
export type SampleCrm = Required<Pick<Crm, 'health' | 'deliver' | 'find' | 'update' | 'close'>>

/** What the vendor answered, or that it did not (status 0). */
class VendorError extends Error {
  readonly status: number
  readonly retryAfterSeconds: number

  constructor(status: number, retryAfterSeconds: number) {
    super(`the vendor answered ${status}`)
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds
  }
}

const schema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url', 'token'],
  properties: {
    url: { type: 'string', description: 'The address of the vendor.' },
    token: { type: 'string', writeOnly: true, description: 'The token of the account.' },
  },
}

/** A CRM that finds and updates records, good but for the given habits. */
export function sampleCrmPlugin(
  habits: (config: SampleCrmConfig) => Partial<SampleCrm> = () => ({}),
  abilities?: readonly Ability[],
) {
  return definePlugin<'crm', SampleCrmConfig>({
    apiVersion: 1,
    kind: 'crm',
    name: 'sample-crm',
    title: 'Sample CRM',
    configSchema: schema,
    configure: (config) => ({ ...sampleCrm(config), ...habits(config) }),
    ...(abilities === undefined ? {} : { abilities: () => abilities }),
    classify: vendorFailure,
  })
}

/** The least that keeps every promise of a CRM that looks records up. */
export function sampleCrm(config: SampleCrmConfig): SampleCrm {
  return {
    async health(call) {
      const failure = await ask(config, 'GET', '/me', call).then(() => undefined, vendorFailure)
      return failure === undefined ? { ok: true, account: 'sample' } : { ok: false, failure }
    },
    deliver: (record, call) => write(config, record, call),
    find: (look, call) => withFailures(() => lookUp(config, look, call)),
    update: (record, fields, call) => withFailures(() => change(config, record, fields, call)),
    close: async () => {},
  }
}

/** Asks once; throws unless it answered 2xx. */
export async function ask(
  { url, token }: SampleCrmConfig,
  method: string,
  path: string,
  { signal }: Call,
  body?: JsonObject,
): Promise<Json> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const init = { method, headers, signal, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const response = await fetch(`${url}${path}`, init).catch(() => undefined)
  if (!response?.ok) throw new VendorError(response?.status ?? 0, Number(response?.headers.get('retry-after') ?? 0))
  return (await response.json()) as Json
}

/** One request that updates or makes. */
export async function write(config: SampleCrmConfig, record: CrmRecord, call: Call): Promise<Receipt> {
  const { object, existing, match = '', fields } = record
  const by = new URLSearchParams(existing === undefined ? { [match]: String(fields[match]) } : { id: existing })
  const answer = await ask(config, 'PUT', `/records/${object}?${by}`, call, { ...fields })
  const { id, made } = answer as { id: string; made: boolean }
  return { outcome: made ? 'created' : 'updated', id }
}

/** Every record of which a field has the value. */
export async function rowsOf(config: SampleCrmConfig, look: LookUp, call: Call): Promise<readonly SampleRow[]> {
  const by = new URLSearchParams({ [look.field]: look.value })
  return (await ask(config, 'GET', `/records/${look.object}?${by}`, call)) as unknown as readonly SampleRow[]
}

/** What `find` answers of a row. */
export function shownOf(row: SampleRow | undefined, { fields }: LookUp): JsonObject | null {
  if (row === undefined) return null
  const held = Object.entries(row.fields).filter(([name, value]) => fields.includes(name) && value !== null)
  return { ...Object.fromEntries(held), id: row.id }
}

/** Sets fields of one record. */
async function change(
  config: SampleCrmConfig,
  { object, id }: RecordLink,
  fields: Readonly<Record<string, Json>>,
  call: Call,
): Promise<void> {
  await ask(config, 'PUT', `/records/${object}?${new URLSearchParams({ id })}`, call, { ...fields })
}

async function lookUp(config: SampleCrmConfig, look: LookUp, call: Call): Promise<JsonObject | null> {
  const rows = await rowsOf(config, look, call)
  if (rows.length <= 1) return shownOf(rows[0], look)
  const message = 'Several records fit: choose one with `flowgate deliveries choose`.'
  const candidates = rows.map(({ id }) => id)
  throw new FailureError({ kind: 'permanent', scope: 'record', code: 'SEVERAL', message, candidates })
}

/** Who calls is another plugin, or the gateway: it knows FailureErrors only. */
async function withFailures<Answer>(action: () => Promise<Answer>): Promise<Answer> {
  try {
    return await action()
  } catch (error) {
    const failure = vendorFailure(error)
    throw failure === undefined ? error : new FailureError(failure, { cause: error })
  }
}

function vendorFailure(error: unknown): Failure | undefined {
  if (!(error instanceof VendorError)) return undefined
  const { status, message, retryAfterSeconds } = error
  const code = `http_${status}`
  if (status === 429) return { kind: 'rate-limited', code, message, retryAfterSeconds }
  if (status === 401) return { kind: 'permanent', scope: 'destination', code, message }
  if (status === 422) return { kind: 'permanent', scope: 'record', code, message }
  return { kind: 'retryable', code, message }
}

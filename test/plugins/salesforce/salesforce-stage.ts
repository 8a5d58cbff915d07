import type { AttachedFile, Call, CrmRecord, Failure, PluginContext } from 'flowgate/plugin'
import { FailureError } from 'flowgate/plugin'
import plugin from '../../../plugins/salesforce/index.ts'
import type { SalesforceConfig } from '../../../plugins/salesforce/settings.ts'
import {
  type SalesforceStandIn,
  type SalesforceStandInOptions,
  startSalesforceStandIn,
} from '../../stand-ins/salesforce.ts'
import { pluginContext } from '../../support/plugin-context.ts'

const CLIENT_ID = '3MVG9-consumer-key'
const CLIENT_SECRET = 'consumer-secret-of-the-test'

export type Crm = Awaited<ReturnType<typeof plugin.configure>>

/** The plugin and an org to write to. */
export interface SalesforceStage extends AsyncDisposable {
  readonly standIn: SalesforceStandIn
  readonly org: SalesforceStandIn['org']
  readonly crm: Crm
  /** What the plugin logged, as JSON. */
  readonly logged: readonly string[]
  /** Settings that work. */
  readonly config: SalesforceConfig
  /** Another instance on the same org, as another process would make it, with tokens of its own. */
  another(config?: Partial<SalesforceConfig>, context?: Partial<PluginContext>): Promise<Crm>
}

/** Starts an org and configures the plugin for it. */
export async function salesforceStage(
  config: Partial<SalesforceConfig> = {},
  options: Partial<SalesforceStandInOptions> = {},
): Promise<SalesforceStage> {
  const standIn = await startSalesforceStandIn({ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, ...options })
  const logged: string[] = []
  const line = (fields: object, event: string) => void logged.push(JSON.stringify({ event, ...fields }))
  const working = { login_url: standIn.url, client_id: CLIENT_ID, client_secret: CLIENT_SECRET, ...config }
  const another = async (different: Partial<SalesforceConfig> = {}, context: Partial<PluginContext> = {}) =>
    plugin.configure(
      { ...working, ...different },
      pluginContext({ destination: 'salesforce', log: { info: line, warn: line }, ...context }),
    )
  return {
    standIn,
    org: standIn.org,
    logged,
    config: working,
    another,
    crm: await another(),
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}

/** A call as the gateway makes it on a first attempt. */
export function call(idempotencyKey: string, differences: Partial<Call> = {}): Call {
  const signal = AbortSignal.timeout(20_000)
  return { signal, idempotencyKey, attempt: 1, uncertain: false, resend: false, ...differences }
}

/** What the gateway sends after an attempt that kept no receipt. */
export const again = { attempt: 2, uncertain: true } as const

/** A lead to be found by its WhatsApp id. */
export function lead(waId: string, fields: CrmRecord['fields'] = {}, different: Partial<CrmRecord> = {}): CrmRecord {
  return {
    id: 'lead',
    object: 'Lead',
    operation: 'upsert',
    match: 'WhatsApp_Id__c',
    fields: { WhatsApp_Id__c: waId, LastName: 'Souza', Company: 'Acme', ...fields },
    links: [],
    ...different,
  }
}

/** A record to be created. */
export function created(
  object: string,
  fields: CrmRecord['fields'],
  links: CrmRecord['links'] = [],
  files: readonly AttachedFile[] = [],
): CrmRecord {
  return { id: object.toLowerCase(), object, operation: 'create', fields, links, files }
}

/** An opportunity to be created. */
export function opportunity(name: string, links: CrmRecord['links'] = []): CrmRecord {
  return created('Opportunity', { Name: name, StageName: 'Prospecting', CloseDate: '2026-12-31' }, links)
}

/** The failure a delivery ends in, as the gateway finds it. Rejects when it succeeds or the error belongs to nobody. */
export async function failureOf(delivering: Promise<unknown>): Promise<Failure> {
  try {
    await delivering
  } catch (error) {
    const failure = error instanceof FailureError ? error.failure : plugin.classify(error)
    if (failure === undefined) throw error
    return failure
  }
  throw new Error('The delivery succeeded')
}

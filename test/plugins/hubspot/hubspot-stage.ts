import type { Call, CrmRecord, Failure } from 'flowgate/plugin'
import { FailureError } from 'flowgate/plugin'
import plugin from '../../../plugins/hubspot/index.ts'
import { type HubspotStandIn, type HubspotStandInOptions, startHubspotStandIn } from '../../stand-ins/hubspot.ts'
import { pluginContext } from '../../support/plugin-context.ts'

export const UPSERT = 'POST /crm/v3/objects/:object/batch/upsert'
export const LINK = 'PUT /crm/v4/objects/:from/:fromId/associations/default/:to/:toId'
export const ACCOUNT = 'GET /account-info/v3/details'

const TOKEN = 'pat-eu1-test-token'

/** The plugin and an account to write to. */
export interface HubspotStage extends AsyncDisposable {
  readonly standIn: HubspotStandIn
  readonly crm: Awaited<ReturnType<typeof plugin.configure>>
  /** What the plugin logged, as JSON. */
  readonly logged: readonly string[]
  /** Another instance on the same account, as another process would make it. */
  another(config?: Readonly<Record<string, string>>): Promise<HubspotStage['crm']>
}

/** Starts an account and configures the plugin for it. */
export async function hubspotStage(options: Partial<HubspotStandInOptions> = {}): Promise<HubspotStage> {
  const standIn = await startHubspotStandIn({ token: TOKEN, ...options })
  const logged: string[] = []
  const line = (fields: object, event: string) => void logged.push(JSON.stringify({ event, ...fields }))
  const context = pluginContext({ destination: 'hubspot', log: { info: line, warn: line } })
  const another = async (config = {}) =>
    plugin.configure({ access_token: TOKEN, base_url: standIn.url, ...config }, context)
  return { standIn, logged, another, crm: await another(), [Symbol.asyncDispose]: () => standIn.close() }
}

/** A call as the gateway makes it on a first attempt. */
export function call(idempotencyKey: string, differences: Partial<Call> = {}): Call {
  const signal = AbortSignal.timeout(20_000)
  return { signal, idempotencyKey, attempt: 1, uncertain: false, resend: false, ...differences }
}

/** What the gateway sends after an attempt that kept no receipt. */
export const again = { attempt: 2, uncertain: true } as const

/** A contact to be found by its e-mail. */
export function contact(email: string, fields: CrmRecord['fields'] = {}): CrmRecord {
  return {
    id: 'contact',
    object: 'contacts',
    operation: 'upsert',
    match: 'email',
    fields: { email, ...fields },
    links: [],
  }
}

/** A deal to be created, linked to these contacts. */
export function deal(dealname: string, ...contactIds: string[]): CrmRecord {
  const links = contactIds.map((id) => ({ object: 'contacts', id }))
  return { id: 'deal', object: 'deals', operation: 'create', fields: { dealname, amount: 75000 }, links }
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

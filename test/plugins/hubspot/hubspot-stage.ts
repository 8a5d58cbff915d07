import {
  type AttachedFile,
  type Call,
  type CrmRecord,
  type Failure,
  FailureError,
  type ObjectUse,
  type PluginContext,
} from 'flowgate/plugin'
import plugin from '../../../plugins/hubspot/index.ts'
import type { HubspotConfig } from '../../../plugins/hubspot/settings.ts'
import { type HubspotStandIn, type HubspotStandInOptions, startHubspotStandIn } from '../../stand-ins/hubspot.ts'
import { pluginContext } from '../../support/plugin-context.ts'

export const UPSERT = 'POST /crm/v3/objects/:object/batch/upsert'
export const LINK = 'PUT /crm/v4/objects/:from/:fromId/associations/default/:to/:toId'
export const ACCOUNT = 'GET /account-info/v3/details'

export const PATCH = 'PATCH /crm/v3/objects/:object/:id'
export const READ = 'GET /crm/v3/objects/:object/:id'
export const UPLOAD = 'POST /files/v3/files'
export const TOKENS = 'POST /oauth/2026-03/token'

const TOKEN = 'pat-eu1-test-token'

/** An app as it is installed in the account of `appStage`. */
export const APP = { clientId: 'app-1', clientSecret: 'app-secret-1', refreshToken: 'refresh-1' } as const

/** The plugin and an account to write to. */
export interface HubspotStage extends AsyncDisposable {
  readonly standIn: HubspotStandIn
  readonly crm: Awaited<ReturnType<typeof plugin.configure>>
  /** What the plugin logged, as JSON. */
  readonly logged: readonly string[]
  /** Another instance on the same account, as another process would make it. */
  another(config?: Partial<HubspotConfig>): Promise<HubspotStage['crm']>
}

/** Starts an account and configures the plugin for it, with a token unless the settings say otherwise. */
export async function hubspotStage(
  options: Partial<HubspotStandInOptions> = {},
  config: Partial<HubspotConfig> = {},
  lent: Partial<PluginContext> = {},
): Promise<HubspotStage> {
  const standIn = await startHubspotStandIn({ token: TOKEN, ...options })
  const logged: string[] = []
  const line = (fields: object, event: string) => void logged.push(JSON.stringify({ event, ...fields }))
  const context = pluginContext({ destination: 'hubspot', log: { info: line, warn: line }, ...lent })
  const settings = config.oauth === undefined ? { access_token: TOKEN, ...config } : config
  const another = async (other: Partial<HubspotConfig> = {}) =>
    plugin.configure({ base_url: standIn.url, ...settings, ...other }, context)
  return { standIn, logged, another, crm: await another(), [Symbol.asyncDispose]: () => standIn.close() }
}

/** The same with an app that is installed in the account instead of a token. */
export function appStage(
  lent: Partial<PluginContext> = {},
  config: Partial<HubspotConfig> = {},
): Promise<HubspotStage> {
  const oauth = { client_id: APP.clientId, client_secret: APP.clientSecret, refresh_token: APP.refreshToken }
  return hubspotStage({ app: APP }, { ...config, oauth }, lent)
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

/** A note to be created, linked to these records. */
export function note(text: string, ...links: CrmRecord['links']): CrmRecord {
  return { id: 'note', object: 'notes', operation: 'create', fields: { hs_note_body: text }, links }
}

/** A file whose content can be fetched as often as anybody likes. */
export function file(name: string, content = name, mediaType = 'image/jpeg'): AttachedFile {
  return { name, mediaType, read: async () => new TextEncoder().encode(content) }
}

/** How mappings use an object, where nothing is said otherwise: not at all. */
export function use(object: string, differences: Partial<ObjectUse> = {}): ObjectUse {
  return { object, creates: false, matches: [], fields: [], ...differences }
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

import { fileURLToPath } from 'node:url'
import type { Pool } from 'pg'
import type { ConfiguredFlow } from '../../src/config/configuration.ts'
import { loadConfiguration } from '../../src/config/load.ts'
import { newId } from '../../src/id.ts'
import { plan } from '../../src/map/plan.ts'
import type { Failure } from '../../src/plugin/index.ts'
import { createPluginCatalogue } from '../../src/registry/catalogue.ts'
import { changeDelivery } from '../../src/store/deliveries.ts'
import { saveMapping } from '../../src/store/mappings.ts'
import { insertSubmissions } from '../../src/store/submissions.ts'

export const CONFIG = fileURLToPath(new URL('../../config', import.meta.url))

/** The shipped `lead-gen` flow, loaded without secrets. */
async function shippedFlow(): Promise<ConfiguredFlow> {
  const loaded = await loadConfiguration(CONFIG, {}, { plugins: createPluginCatalogue(CONFIG), secrets: 'placeholder' })
  const flow = loaded.ok ? loaded.configuration.flows.get('lead-gen') : undefined
  if (!flow) throw new Error(`config is not right: ${JSON.stringify(loaded.issues)}`)
  return flow
}

const answered = { screen: 'SUCCESS', data: {} }

/** Stores a submission of the shipped flow with its deliveries, as acceptance does. Gives each delivery's id by its item. */
export async function seedSubmission(pool: Pool, now: Date): Promise<Readonly<Record<string, string>>> {
  const { flow, mapping } = await shippedFlow()
  if (!mapping) throw new Error('the shipped flow has no mapping')
  await saveMapping(pool, { hash: mapping.hash, flow: flow.name, content: mapping.content }, now)
  const submissionId = newId('sub', now)
  const deliveries = plan(mapping, 'submitted').map((planned) => ({
    ...planned,
    id: newId('dlv', now),
    submissionId,
    mappingHash: mapping.hash,
    createdAt: now,
  }))
  const submission = {
    id: submissionId,
    flow: flow.name,
    version: flow.version,
    occasion: 'submitted' as const,
    variant: undefined,
    sessionId: undefined,
    key: submissionId,
    possibleRepeat: false,
    form: { full_name: 'Ana Souza Lima', email: 'ana@acme.com', budget: 'over_50k' },
    person: {},
    session: {},
    answer: answered,
    mappingHash: mapping.hash,
    requestId: newId('req', now),
    acceptedAt: now,
  }
  await insertSubmissions(pool, [submission], deliveries)
  return Object.fromEntries(deliveries.map(({ id, item }) => [item, id]))
}

const refused: Failure = {
  kind: 'permanent',
  scope: 'record',
  code: 'HUBSPOT_PROPERTY',
  message: 'HubSpot does not know the property numemployes.',
}

/** Lets a delivery have failed. */
export async function failDelivery(pool: Pool, id: string | undefined, now: Date): Promise<void> {
  const change = {
    state: 'failed',
    counted: 1,
    nextAttemptAt: undefined,
    rateLimitedSince: undefined,
    resend: false,
    receipt: undefined,
    failure: refused,
  } as const
  await changeDelivery(pool, id ?? '', change, undefined, now)
}

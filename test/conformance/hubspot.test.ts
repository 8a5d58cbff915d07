import type { CrmRecord } from 'flowgate/plugin'
import { conformance, httpTrouble, type Stage } from 'flowgate/plugin/testing'
import plugin from '../../plugins/hubspot/index.ts'
import type { HubspotConfig } from '../../plugins/hubspot/settings.ts'
import { HUBSPOT_WRITES, type HubspotStandIn, startHubspotStandIn } from '../stand-ins/hubspot.ts'

const TOKEN = 'pat-eu1-11111111-accepted'
const REFUSED_TOKEN = 'pat-eu1-22222222-refused'

type HubspotStage = Stage<CrmRecord, HubspotConfig>

conformance({ name: 'hubspot, contacts by e-mail', plugin, stage: contactStage })
conformance({ name: 'hubspot, deals by submission', plugin, stage: dealStage })

async function contactStage(): Promise<HubspotStage> {
  const standIn = await startHubspotStandIn({ token: TOKEN })
  const email = (index: number) => `person-${index}@acme.example`
  const record = (index: number, fields: CrmRecord['fields']): CrmRecord => ({
    id: 'contact',
    object: 'contacts',
    operation: 'upsert',
    match: 'email',
    fields: { email: email(index), firstname: `Firstname-${index}`, ...fields },
    links: [],
  })
  return {
    ...frame(standIn),
    secrets: [TOKEN, REFUSED_TOKEN, 'Firstname-', '@acme.example', 'Unheard-of status'],
    sample: (index) => record(index, {}),
    unacceptable: record(0, { hs_lead_status: 'Unheard-of status' }),
    effects: (_key, input) =>
      standIn.contacts().filter(({ properties }) => properties['email'] === input.fields['email']).length,
  }
}

async function dealStage(): Promise<HubspotStage> {
  const standIn = await startHubspotStandIn({ token: TOKEN })
  const record = (index: number, fields: CrmRecord['fields']): CrmRecord => ({
    id: 'deal',
    object: 'deals',
    operation: 'create',
    fields: { dealname: `Dealname-${index}`, amount: index, ...fields },
    links: [],
  })
  return {
    ...frame(standIn),
    secrets: [TOKEN, REFUSED_TOKEN, 'Dealname-', 'Unheard-of stage'],
    sample: (index) => record(index, {}),
    unacceptable: record(0, { dealstage: 'Unheard-of stage' }),
    effects: (key, input) =>
      standIn
        .deals()
        .filter(({ properties }) => properties['flowgate_submission'] === key)
        .filter(({ properties }) => properties['dealname'] === input.fields['dealname']).length,
  }
}

function frame(standIn: HubspotStandIn) {
  return {
    ...httpTrouble(standIn, { writes: HUBSPOT_WRITES }),
    config: { access_token: TOKEN, base_url: standIn.url },
    refusedConfig: { access_token: REFUSED_TOKEN, base_url: standIn.url },
    canTell: true,
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}

import type { Crm } from 'flowgate/plugin'
import { httpSourceTrouble, type SourceStage, sourceConformance } from 'flowgate/plugin/testing'
import type { CrmSourceConfig } from '../../plugins/crm-source/config.ts'
import plugin from '../../plugins/crm-source/index.ts'
import hubspot from '../../plugins/hubspot/index.ts'
import { HUBSPOT_LOOK_UPS, type HubspotStandIn, startHubspotStandIn } from '../stand-ins/hubspot.ts'
import { pluginContext } from '../support/plugin-context.ts'

const TOKEN = 'pat-eu1-11111111-accepted'
const REFUSED_TOKEN = 'pat-eu1-22222222-refused'

type LookUpStage = SourceStage<CrmSourceConfig>

const without = ['reservations'] as const
sourceConformance({ name: 'crm-source, contacts by e-mail', plugin, stage: () => lookUpStage('email'), without })
sourceConformance({ name: 'crm-source, contacts by city', plugin, stage: () => lookUpStage('city'), without })

/** Ten contacts in HubSpot. The one property is read by, the other searched for. */
async function lookUpStage(by: 'email' | 'city'): Promise<LookUpStage> {
  const standIn = await startHubspotStandIn({ token: TOKEN })
  const values = Array.from({ length: 10 }, (_, index) =>
    by === 'email' ? `person-${index}@acme.example` : `City-${index}`,
  )
  const people = await Promise.all(
    values.map((value, index) => contact(standIn, { [by]: value, firstname: `Name-${index}` })),
  )
  const crms: Readonly<Record<string, Crm>> = {
    hubspot: await crmOf(standIn, TOKEN),
    refused: await crmOf(standIn, REFUSED_TOKEN),
  }
  const queries = { customer: { object: 'contacts', by, fields: ['firstname'] } }
  return {
    config: { destination: 'hubspot', queries },
    refusedConfig: { destination: 'refused', queries },
    secrets: [TOKEN, REFUSED_TOKEN, 'person-', 'City-', 'Name-'],
    context: {
      ...pluginContext(),
      crm: async (destination) => crms[destination] ?? pluginContext().crm(destination),
    },
    known: (index) => ({
      query: 'customer',
      parameters: { [by]: values[index] ?? '' },
      answer: [{ id: people[index] ?? '', firstname: `Name-${index}` }],
    }),
    nothing: { query: 'customer', parameters: { [by]: 'nobody@acme.example' } },
    trouble: httpSourceTrouble(standIn, { questions: HUBSPOT_LOOK_UPS }),
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}

async function crmOf(standIn: HubspotStandIn, token: string): Promise<Crm> {
  return hubspot.configure({ access_token: token, base_url: standIn.url }, pluginContext())
}

async function contact(standIn: HubspotStandIn, properties: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(`${standIn.url}/crm/v3/objects/contacts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ properties }),
  })
  const { id } = (await response.json()) as { id: string }
  return id
}

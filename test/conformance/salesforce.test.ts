import type { CrmRecord } from 'flowgate/plugin'
import { conformance, httpTrouble, type Stage } from 'flowgate/plugin/testing'
import plugin from '../../plugins/salesforce/index.ts'
import type { SalesforceConfig } from '../../plugins/salesforce/settings.ts'
import { SALESFORCE_WRITES, type SalesforceStandIn, startSalesforceStandIn } from '../stand-ins/salesforce.ts'

const CLIENT = { clientId: '3MVG9-consumer-key', clientSecret: 'consumer-secret-accepted' }
const REFUSED_SECRET = 'consumer-secret-refused'

// Records that are made anew are not looked for.
const ANEW = ['look-up', 'updates', 'twins'] as const

type SalesforceStage = Stage<CrmRecord, SalesforceConfig>

conformance({ name: 'salesforce, leads by an external id', plugin, stage: leadStage })
conformance({ name: 'salesforce, leads by a field that only a query finds', plugin, stage: queriedStage })
conformance({ name: 'salesforce, opportunities by submission', plugin, without: ANEW, stage: opportunityStage })

async function leadStage(): Promise<SalesforceStage> {
  return leadsBy('WhatsApp_Id__c', (index) => `55119${index}`)
}

async function queriedStage(): Promise<SalesforceStage> {
  return leadsBy('Nickname__c', (index) => `nick-${index}`)
}

async function leadsBy(match: string, value: (index: number) => string): Promise<SalesforceStage> {
  const standIn = await startSalesforceStandIn(CLIENT)
  const record = (index: number, fields: CrmRecord['fields']): CrmRecord => ({
    id: 'lead',
    object: 'Lead',
    operation: 'upsert',
    match,
    fields: {
      [match]: value(index),
      LastName: `Lastname-${index}`,
      Company: 'Acme',
      Description: `Description-${index}`,
      ...fields,
    },
    links: [],
  })
  return {
    ...frame(standIn),
    secrets: [CLIENT.clientSecret, REFUSED_SECRET, '!session-', 'Lastname-', 'Unheard-of status'],
    sample: (index) => record(index, {}),
    unacceptable: record(0, { Status: 'Unheard-of status' }),
    effects: (_key, input) =>
      standIn.org.records('Lead').filter(({ values }) => values[match] === input.fields[match]).length,
    records: {
      lookUp: (index) => ({ object: 'Lead', field: match, value: value(index), fields: ['LastName', 'Description'] }),
      clears: 'Description',
      canUpdate: true,
      twins() {
        for (const name of ['First', 'Second']) standIn.org.insert('Lead', { LastName: name, Company: 'Twins' }, true)
        return { object: 'Lead', field: 'Company', value: 'Twins', fields: [] }
      },
    },
  }
}

async function opportunityStage(): Promise<SalesforceStage> {
  const standIn = await startSalesforceStandIn(CLIENT)
  const record = (index: number, fields: CrmRecord['fields']): CrmRecord => ({
    id: 'opportunity',
    object: 'Opportunity',
    operation: 'create',
    fields: { Name: `Dealname-${index}`, StageName: 'Prospecting', CloseDate: '2026-12-31', Amount: index, ...fields },
    links: [],
  })
  return {
    ...frame(standIn),
    secrets: [CLIENT.clientSecret, REFUSED_SECRET, '!session-', 'Dealname-', 'Unheard-of stage'],
    sample: (index) => record(index, {}),
    unacceptable: record(0, { StageName: 'Unheard-of stage' }),
    effects: (key, input) =>
      standIn.org
        .records('Opportunity')
        .filter(({ values }) => values['Flowgate_Submission__c'] === key)
        .filter(({ values }) => values['Name'] === input.fields['Name']).length,
  }
}

function frame(standIn: SalesforceStandIn) {
  const config = { login_url: standIn.url, client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret }
  return {
    ...httpTrouble(standIn, { writes: SALESFORCE_WRITES }),
    config,
    refusedConfig: { ...config, client_secret: REFUSED_SECRET },
    canTell: true,
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}

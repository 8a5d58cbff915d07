import pg from 'pg'
import { startHubspotStandIn } from '../stand-ins/hubspot.ts'
import { startSalesforceStandIn } from '../stand-ins/salesforce.ts'
import { testDatabase } from '../support/database.ts'

/** A CRM that records are written into, and what it calls the fields of one kind of record. */
export interface CrmPlace extends AsyncDisposable {
  readonly plugin: string
  readonly config: Readonly<Record<string, unknown>>
  readonly object: string
  readonly fields: {
    readonly match: string
    readonly name: string
    readonly source: string
    readonly notes: string
    readonly stage: string
    readonly phone: string
    readonly company: string
  }
  /** Values of the stage, lowest first. */
  readonly stages: readonly [string, string, string]
  /** The mapping must say them: the plugin knows no order of this field. */
  readonly ordersStages: boolean
}

/** By what tests call them. */
export const CRM_PLACES: Readonly<Record<string, () => Promise<CrmPlace>>> = {
  HubSpot: hubspotPlace,
  Salesforce: salesforcePlace,
  SQL: sqlPlace,
}

async function hubspotPlace(): Promise<CrmPlace> {
  const token = 'pat-eu1-33333333-accepted'
  const standIn = await startHubspotStandIn({ token })
  for (const name of ['first_source', 'form_notes']) standIn.addProperty('contacts', { name, type: 'string' })
  return {
    plugin: 'hubspot',
    config: { access_token: token, base_url: standIn.url },
    object: 'contacts',
    fields: {
      match: 'email',
      name: 'firstname',
      source: 'first_source',
      notes: 'form_notes',
      stage: 'lifecyclestage',
      phone: 'phone',
      company: 'company',
    },
    stages: ['lead', 'opportunity', 'customer'],
    ordersStages: true,
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}

async function salesforcePlace(): Promise<CrmPlace> {
  const client = { clientId: '3MVG9-consumer-key', clientSecret: 'consumer-secret-accepted' }
  const standIn = await startSalesforceStandIn(client)
  return {
    plugin: 'salesforce',
    config: { login_url: standIn.url, client_id: client.clientId, client_secret: client.clientSecret },
    object: 'Lead',
    fields: {
      match: 'WhatsApp_Id__c',
      name: 'LastName',
      source: 'LeadSource',
      notes: 'Description',
      stage: 'Status',
      phone: 'Phone',
      company: 'Company',
    },
    stages: ['Open', 'Working', 'Closed'],
    ordersStages: false,
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}

async function sqlPlace(): Promise<CrmPlace> {
  const database = await testDatabase()
  const admin = new pg.Pool({ connectionString: database.url, max: 1 })
  await admin.query(`create table people (id integer generated always as identity primary key, "E-Mail" varchar(200) unique,
    name varchar(80), source varchar(20), notes text, stage varchar(20), phone varchar(30), company varchar(80))`)
  return {
    plugin: 'sql',
    config: { url: database.url },
    object: 'people',
    fields: {
      match: 'E-Mail',
      name: 'name',
      source: 'source',
      notes: 'notes',
      stage: 'stage',
      phone: 'phone',
      company: 'company',
    },
    stages: ['lead', 'opportunity', 'customer'],
    ordersStages: false,
    async [Symbol.asyncDispose]() {
      await admin.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

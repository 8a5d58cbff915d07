import pg from 'pg'
import type { JsonObject } from '../../src/plugin/json.ts'
import { startHubspotStandIn } from '../stand-ins/hubspot.ts'
import { startSalesforceStandIn, UPDATE } from '../stand-ins/salesforce.ts'
import { testDatabase } from '../support/database.ts'
import { databaseLine } from '../support/database-line.ts'
import type { Enquirer } from '../support/enquiry-configuration.ts'

/** What these tests write into a contact, under names that every CRM has another one for. */
export type Trait = 'name' | 'stage' | 'phone' | 'notes' | 'company' | 'fax' | 'source' | 'rank'

/** A contact as it stands; `null` is blank. */
export type Traits = Readonly<Record<Trait, string | null>>

/** A CRM in which people tend the contacts that a gateway writes to. */
export interface TendedCrm extends AsyncDisposable {
  /** Of the destination, and of the flow that writes to it. */
  readonly name: string
  readonly destination: JsonObject
  readonly env: Readonly<Record<string, string>>
  readonly object: string
  /** The field that finds a contact: it holds the e-mail address. */
  readonly match: string
  readonly fields: Readonly<Record<Trait, string>>
  /** Three stages, each after the one before. */
  readonly stages: readonly [early: string, written: string, late: string]
  /** Where the plugin does not know it by itself. */
  readonly order?: readonly string[]
  /** Somebody adds a contact. */
  add(person: Enquirer, traits: Partial<Traits>): Promise<void>
  /** Somebody adds one without the match, which only a rule of the CRM's own takes for the person's, by the name. */
  addResembling?(person: Enquirer, traits: Partial<Traits>): Promise<void>
  /** Somebody changes one. */
  change(person: Enquirer, traits: Partial<Traits>): Promise<void>
  /** All contacts with the person's e-mail address. */
  read(person: Enquirer): Promise<readonly Traits[]>
  /** The reply to the next change of the person's contact is lost; gives how often that has come. */
  loseReply(person: Enquirer): () => number
}

type Fields = TendedCrm['fields']

/** By the CRM's names, what traits are given. */
function fieldsOf(names: Fields, traits: Partial<Traits>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([trait, field]) => {
      const value = traits[trait as Trait]
      return value === undefined || value === null ? [] : [[field, value]]
    }),
  )
}

/** By the names of the traits, what a record holds. */
function traitsOf(names: Fields, held: Readonly<Record<string, unknown>>): Traits {
  const of = (trait: Trait) => {
    const value = held[names[trait]]
    return value === undefined || value === null ? null : String(value)
  }
  return {
    name: of('name'),
    stage: of('stage'),
    phone: of('phone'),
    notes: of('notes'),
    company: of('company'),
    fax: of('fax'),
    source: of('source'),
    rank: of('rank'),
  }
}

/** HubSpot, whose plugin knows the order of life cycle stages. */
export async function tendedHubspot(): Promise<TendedCrm> {
  const token = 'test-tended-token'
  const account = await startHubspotStandIn({ token })
  const fields: Fields = {
    name: 'firstname',
    stage: 'lifecyclestage',
    phone: 'phone',
    notes: 'message',
    company: 'company',
    fax: 'website',
    source: 'industry',
    rank: 'jobtitle',
  }
  const of = ({ email }: Enquirer) => account.contacts().filter(({ properties }) => properties['email'] === email)
  return {
    name: 'hubspot',
    destination: { plugin: 'hubspot', config: { access_token: `\${TENDED_TOKEN}`, base_url: account.url } },
    env: { TENDED_TOKEN: token },
    object: 'contacts',
    match: 'email',
    fields,
    stages: ['subscriber', 'lead', 'customer'],
    async add({ email }, traits) {
      account.addContact({ email, ...fieldsOf(fields, traits) })
    },
    async change(person, traits) {
      const answer = await fetch(`${account.url}/crm/v3/objects/contacts/${of(person)[0]?.id}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ properties: fieldsOf(fields, traits) }),
      })
      if (!answer.ok) throw new Error(`HubSpot answered ${answer.status}`)
    },
    read: async (person) => of(person).map(({ properties }) => traitsOf(fields, properties)),
    loseReply(person) {
      const when = ({ bytes }: { readonly bytes: Buffer }) => bytes.toString().includes(person.name)
      const route = 'PATCH /crm/v3/objects/contacts/:id'
      const fault = account.misbehave({ route, fault: { kind: 'lose-after' }, times: 1, when })
      return () => fault.struck
    },
    [Symbol.asyncDispose]: () => account.close(),
  }
}

/** Salesforce, with leads. */
export async function tendedSalesforce(): Promise<TendedCrm> {
  const client = { clientId: '3MVG9-consumer-key', clientSecret: 'consumer-secret' }
  const standIn = await startSalesforceStandIn(client)
  const { org } = standIn
  const fields: Fields = {
    name: 'LastName',
    stage: 'Status',
    phone: 'Phone',
    notes: 'Description',
    company: 'Company',
    fax: 'Nickname__c',
    source: 'LeadSource',
    rank: 'Shared_Id__c',
  }
  const of = ({ email }: Enquirer) => org.records('Lead').filter(({ values }) => values['WhatsApp_Id__c'] === email)
  return {
    name: 'salesforce',
    destination: {
      plugin: 'salesforce',
      config: { login_url: standIn.url, client_id: client.clientId, client_secret: `\${TENDED_CLIENT_SECRET}` },
    },
    env: { TENDED_CLIENT_SECRET: client.clientSecret },
    object: 'Lead',
    match: 'WhatsApp_Id__c',
    fields,
    stages: ['Open', 'Working', 'Closed'],
    order: ['Open', 'Working', 'Closed'],
    async add({ email }, traits) {
      org.insert('Lead', { WhatsApp_Id__c: email, ...fieldsOf(fields, traits) }, true)
    },
    async addResembling({ name }, traits) {
      org.insert('Lead', fieldsOf(fields, { ...traits, name }), true)
      org.duplicateRules.push({ object: 'Lead', field: fields.name })
    },
    async change(person, traits) {
      org.set(of(person)[0]?.id ?? '', fieldsOf(fields, traits))
    },
    read: async (person) => of(person).map(({ values }) => traitsOf(fields, values)),
    loseReply(person) {
      const when = ({ bytes }: { readonly bytes: Buffer }) => bytes.toString().includes(person.name)
      const fault = standIn.misbehave({ route: UPDATE, fault: { kind: 'lose-after' }, times: 1, when })
      return () => fault.struck
    },
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}

/** A table on PostgreSQL. */
export async function tendedSql(): Promise<TendedCrm> {
  const database = await testDatabase()
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  await admin.query(
    `create table people (id integer generated always as identity primary key, email text unique, name text, stage text,
      phone text, notes text, company text, fax text, source text, rank text)`,
  )
  const line = await databaseLine(database.url)
  const fields: Fields = {
    name: 'name',
    stage: 'stage',
    phone: 'phone',
    notes: 'notes',
    company: 'company',
    fax: 'fax',
    source: 'source',
    rank: 'rank',
  }
  const set = async ({ email }: Enquirer, traits: Partial<Traits>) => {
    for (const [column, value] of Object.entries(traits)) {
      await admin.query(`update people set ${column} = $2 where email = $1`, [email, value])
    }
  }
  return {
    name: 'sql',
    destination: { plugin: 'sql', config: { url: `\${TENDED_DATABASE_URL}` } },
    env: { TENDED_DATABASE_URL: line.url },
    object: 'people',
    match: 'email',
    fields,
    stages: ['lead', 'opportunity', 'customer'],
    order: ['lead', 'opportunity', 'customer'],
    async add(person, traits) {
      await admin.query('insert into people (email) values ($1)', [person.email])
      await set(person, traits)
    },
    change: set,
    async read({ email }) {
      const { rows } = await admin.query('select * from people where email = $1', [email])
      return rows.map((row) => traitsOf(fields, row))
    },
    // The name is written; what is read before has only the e-mail address, which finds it.
    loseReply(person) {
      const trouble = line.misbehave(person.name, 'lose-commit')
      return () => trouble.struck
    },
    async [Symbol.asyncDispose]() {
      await admin.end()
      await line[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

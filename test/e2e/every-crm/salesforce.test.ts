import assert from 'node:assert/strict'
import type { Fault, StandInRequest } from 'flowgate/plugin/testing'
import { run } from '../../cli/terminal.ts'
import { CREATE, type SalesforceStandIn, startSalesforceStandIn, UPSERT } from '../../stand-ins/salesforce.ts'
import { errorAnswer } from '../../stand-ins/salesforce-answers.ts'
import type { Enquirer } from '../../support/enquiry-configuration.ts'
import { eventually } from '../../support/eventually.ts'
import { onceTests } from './once.ts'
import type { Came, OnceCrm, Trouble } from './once-crm.ts'

const CLIENT = { clientId: '3MVG9-consumer-key', clientSecret: 'consumer-secret' }
const CONTACT = UPSERT.replace(':object', 'Contact')
const OPPORTUNITY = UPSERT.replace(':object', 'Opportunity')
const ROLE = CREATE.replace(':object', 'OpportunityContactRole')

/** Trouble of one request that has the person's name in it; of the role, which names nobody, whoever's it is. */
function fault(
  name: string,
  what: string,
  route: string,
  make: Fault | ((org: SalesforceStandIn) => Fault),
): Trouble<SalesforceStandIn> {
  const when = ({ bytes }: StandInRequest) => route === ROLE || bytes.toString().includes(name)
  return {
    name,
    what,
    arrange(org): Came {
      const active = org.misbehave({ route, fault: typeof make === 'function' ? make(org) : make, times: 1, when })
      return () => active.struck
    },
  }
}

const refused = (status: number, code: string, message: string, headers = {}): Fault => ({
  kind: 'status',
  ...errorAnswer(status, code, message),
  headers,
})

const taken = 'duplicate value found: WhatsApp_Id__c duplicates value on record with id: <unknown>'

const troubles: readonly Trouble<SalesforceStandIn>[] = [
  fault('Contactlost', 'the reply to the contact is lost', CONTACT, { kind: 'lose-after' }),
  fault('Deallost', 'the reply to the opportunity is lost', OPPORTUNITY, { kind: 'lose-after' }),
  fault('Rolelost', 'the reply to a contact role is lost', ROLE, { kind: 'lose-after' }),
  fault('Roleunsaved', 'a success says that a contact role was not saved', ROLE, {
    kind: 'status',
    status: 200,
    body: { id: null, success: false, errors: [{ statusCode: 'UNABLE_TO_LOCK_ROW', message: 'x', fields: [] }] },
  }),
  fault('Unheard', 'the org fails in a way that has no name yet', OPPORTUNITY, refused(500, 'SOMETHING_NEW', 'x')),
  fault('Expired', 'the session ends between contact and opportunity', CONTACT, (org) => ({
    kind: 'answer',
    answer(real) {
      org.endSessions()
      return real
    },
  })),
  fault(
    'Locked',
    'others hold the row locked',
    OPPORTUNITY,
    refused(400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access'),
  ),
  fault(
    'Limited',
    'the org is at its limit',
    OPPORTUNITY,
    refused(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', { 'retry-after': '1' }),
  ),
  fault('Raced', 'another write creates the same contact', CONTACT, refused(400, 'DUPLICATE_VALUE', taken)),
  fault('Unavailable', 'the org is down', CONTACT, refused(503, 'SERVER_UNAVAILABLE', 'Server Unavailable')),
  fault('Hanging', 'a request hangs', OPPORTUNITY, { kind: 'hang' }),
  {
    name: 'Duplicate',
    what: 'a duplicate rule finds a contact that somebody made by hand',
    arrange({ org }, { email }): Came {
      org.duplicateRules.push({ object: 'Contact', field: 'Email' })
      org.insert('Contact', { LastName: 'By hand', Email: email }, true)
      return () => org.records('Contact').filter(({ values }) => values['Email'] === email).length
    },
  },
  {
    name: 'Ambiguous',
    what: 'two contacts have the value and a person chooses one (300)',
    arrange({ org }, { email }): Came {
      for (const LastName of ['First', 'Second']) {
        const { id } = org.insert('Contact', { LastName }, true)
        org.set(id, { WhatsApp_Id__c: email })
      }
      return () => org.records('Contact').filter(({ values }) => values['LastName'] === 'First').length
    },
    async meanwhile({ org }, { email, name }, stage) {
      const delivery = await eventually(async () => {
        const [failed] = await stage.query<{ id: string; candidates: string[] }>(
          `select d.id, d.failure->'candidates' as candidates from deliveries d join submissions s on s.id = d.submission_id
           where s.form->>'full_name' = $1 and d.state = 'failed'`,
          [name],
        )
        return failed
      })
      const both = org.records('Contact').filter(({ values }) => values['WhatsApp_Id__c'] === email)
      assert.deepEqual(
        delivery.candidates,
        both.map(({ id }) => id),
      )
      const { code, err, out } = await run(['deliveries', 'choose', delivery.id, both[1]?.id ?? ''], stage.env)
      assert.equal(code, 0, err + out)
    },
  },
]

const held = [
  fault('Contactheld', '', CONTACT, { kind: 'hang-after' }),
  fault('Dealheld', '', OPPORTUNITY, { kind: 'hang-after' }),
  fault('Roleheld', '', ROLE, { kind: 'hang-after' }),
]

/** Contacts by the name that was written into them; of the two that somebody made, the first is left as it was. */
function left({ org }: SalesforceStandIn, person?: Enquirer) {
  const contacts = org.records('Contact').filter(({ values }) => {
    return person === undefined ? values['LastName'] !== 'First' : values['LastName'] === person.name
  })
  const deals = org.records('Opportunity').filter(({ values }) => {
    return person === undefined || String(values['Name']).startsWith(`${person.name}: `)
  })
  const ids = new Set(deals.map(({ id }) => id))
  const roles = org.records('OpportunityContactRole').filter(({ values }) => ids.has(String(values['OpportunityId'])))
  return {
    contacts: contacts.map(({ id }) => id),
    deals: deals.map(({ id }) => id),
    links: roles.map(({ values }) => `${values['OpportunityId']}>${values['ContactId']}`),
  }
}

const crm: OnceCrm<SalesforceStandIn> = {
  name: 'Salesforce',
  records: [
    {
      id: 'contact',
      to: 'crm',
      object: 'Contact',
      operation: 'upsert',
      match: 'WhatsApp_Id__c',
      fields: {
        WhatsApp_Id__c: { from: 'form.email' },
        Email: { from: 'form.email' },
        LastName: { from: 'form.full_name' },
      },
    },
    {
      id: 'deal',
      to: 'crm',
      object: 'Opportunity',
      operation: 'create',
      links: ['contact'],
      fields: {
        Name: { template: '{form.full_name}: {flow.title}' },
        StageName: 'Prospecting',
        CloseDate: { value: '2026-12-31' },
      },
    },
  ],
  troubles,
  held,
  start: () => startSalesforceStandIn(CLIENT),
  destination: ({ url }) => ({
    crm: {
      plugin: 'salesforce',
      config: { login_url: url, client_id: CLIENT.clientId, client_secret: `\${SALESFORCE_CLIENT_SECRET}` },
    },
    env: { SALESFORCE_CLIENT_SECRET: CLIENT.clientSecret },
  }),
  left,
  pathOf: (contact) => `/lightning/r/Contact/${contact}/view`,
}

onceTests(crm)

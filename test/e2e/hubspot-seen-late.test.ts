import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { StandInAnswer, StandInRequest } from 'flowgate/plugin/testing'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import { run } from '../cli/terminal.ts'
import { type HubspotStandIn, startHubspotStandIn } from '../stand-ins/hubspot.ts'
import { notFound } from '../stand-ins/hubspot-answers.ts'
import { enquirer } from '../support/enquiry-configuration.ts'
import { type EnquiryStage, enquiryStage, SALES } from '../support/enquiry-stage.ts'
import { eventually } from '../support/eventually.ts'
import { HUBSPOT_TOKEN } from '../support/gateway-process.ts'

const LOOK = 'GET /crm/v3/objects/contacts/:id'
const LINK = 'PUT /crm/v4/objects/:from/:fromId/associations/default/:to/:toId'
const TIMES = 20

const mapping: MappingFile = {
  records: [
    {
      id: 'contact',
      to: 'crm',
      object: 'contacts',
      operation: 'upsert',
      match: 'email',
      fields: {
        email: { from: 'form.email' },
        firstname: { from: 'form.full_name' },
        phone: { from: 'form.phone', write: 'if_empty' },
        message: { from: 'form.message', write: 'append' },
        lifecyclestage: { value: 'lead', write: 'forward_only' },
      },
    },
    {
      id: 'deal',
      to: 'crm',
      object: 'deals',
      operation: 'create',
      links: ['contact'],
      fields: { dealname: { template: '{form.full_name}: {flow.title}' } },
    },
  ],
  notifications: [
    {
      id: 'tell',
      to: SALES,
      after: ['contact', 'deal'],
      title: 'New: {form.full_name}',
      link: { label: 'Open', url: '{records.contact.url}' },
    },
  ],
}

/** What a person keeps by hand, in a contact that appears between look and write. */
const byHand = { firstname: 'By hand', phone: '+1 555 0199', message: 'Met at the fair', lifecyclestage: 'customer' }
const ANSWERS = { phone: '+15550100', message: 'Please call' }
const appearing = enquirer('Appearing', ANSWERS)
const late = enquirer('Late', ANSWERS)

let hubspot: HubspotStandIn
let stage: EnquiryStage

before(async () => {
  hubspot = await startHubspotStandIn({ token: HUBSPOT_TOKEN })
  hubspot.addProperty('contacts', { name: 'message', type: 'string' })
  stage = await enquiryStage({
    destinations: {
      crm: { plugin: 'hubspot', config: { access_token: `\${HUBSPOT_ACCESS_TOKEN}`, base_url: hubspot.url } },
    },
    env: { HUBSPOT_ACCESS_TOKEN: HUBSPOT_TOKEN },
    mappings: { enquiry: mapping },
  })
  const gateways = await Promise.all([stage.start('all'), stage.start('all')])
  const add = (real: StandInAnswer): StandInAnswer => {
    hubspot.addContact({ ...byHand, email: 'Appearing@acme.com' })
    return real
  }
  const ofAppearing = ({ parameters }: StandInRequest) => parameters['id'] === appearing.email
  hubspot.misbehave({ route: LOOK, when: ofAppearing, times: 1, fault: { kind: 'answer', answer: add } })
  const ofLate = ({ parameters }: StandInRequest) =>
    hubspot
      .deals()
      .some(({ id, properties }) => id === parameters['fromId'] && properties['dealname']?.startsWith('Late'))
  hubspot.misbehave({ route: LINK, when: ofLate, times: 1, fault: { kind: 'status', ...notFound('No such record') } })
  const presses = [appearing, late].flatMap(({ request }) =>
    Array.from({ length: TIMES }, (_, index) => gateways[index % 2]?.deviceFor('enquiry').exchange(request)),
  )
  for (const reply of await Promise.all(presses)) assert.equal(reply?.answer?.['screen'], 'SUCCESS')
  await eventually(async () => assert.deepEqual(await stage.undelivered(), []) ?? true, { withinMs: 90_000 })
})

after(async () => {
  await stage[Symbol.asyncDispose]()
  await hubspot.close()
})

for (const person of [appearing, late]) {
  test(`${person.name}: identical submissions leave one contact, one deal linked to it and one message with its link`, () => {
    const contacts = hubspot.contacts().filter(({ properties }) => properties['email']?.toLowerCase() === person.email)
    const deals = hubspot.deals().filter(({ properties }) => properties['dealname']?.startsWith(`${person.name}:`))
    assert.deepEqual([contacts.length, deals.length], [1, 1])
    const links = hubspot.associations().filter(({ from }) => from.id === deals[0]?.id)
    assert.deepEqual(
      links.map(({ to }) => to.id),
      [contacts[0]?.id],
    )
    const [message, ...others] = stage.messages(person)
    assert.equal(others.length, 0)
    assert.ok(message?.includes(`/record/0-1/${contacts[0]?.id}`), message)
  })
}

test('what stands in a contact that appears after it was looked for is kept as its policies say, and can be restored', async () => {
  const held = () =>
    hubspot.contacts().find(({ properties }) => properties['email'] === 'Appearing@acme.com')?.properties
  const { message, ...others } = held() ?? {}
  const { message: _, ...kept } = byHand
  assert.deepEqual(others, { ...kept, email: 'Appearing@acme.com', firstname: 'Appearing' })
  assert.match(message ?? '', /^Met at the fair\n\[.*\] Please call$/u)
  const [submission] = await stage.query<{ id: string }>(`select id from submissions where form->>'full_name' = $1`, [
    appearing.name,
  ])
  const { code, out, err } = await run(['undo', submission?.id ?? 'none', '--yes'], stage.env)
  assert.equal(code, 0, out + err)
  assert.deepEqual(held(), { ...byHand, email: 'Appearing@acme.com' })
})

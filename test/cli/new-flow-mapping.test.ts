import assert from 'node:assert/strict'
import { test } from 'node:test'
import { flowFrom, madeFlow, SHIPPED_DESTINATIONS } from './new-flow-stage.ts'
import { EVERY_INPUT, TWO_WAYS } from './odd-flow-jsons.ts'

const FIELDS = ['--fields', 'full_name:text!, email:email!, wish:choice(tea "Green tea"|coffee)']

test('a contact is found by its e-mail address, and colleagues are told every answer in words', async () => {
  const { mapping, text } = await madeFlow([
    '--fields',
    'full_name:text!, email:email!, company:text, phone:phone, wish:choice(tea "Green tea"|coffee), news:boolean, born:date',
  ])
  assert.deepEqual(mapping, {
    identity: ['user_id', 'phone', 'email'],
    personal: ['full_name', 'email', 'company', 'phone', 'born'],
    records: [
      {
        id: 'contact',
        to: 'hubspot',
        object: 'contacts',
        operation: 'upsert',
        match: 'email',
        fields: {
          email: { from: 'form.email', apply: ['trim', 'lower'] },
          firstname: { from: 'form.full_name', apply: ['squeeze', 'first_word'] },
          lastname: { from: 'form.full_name', apply: ['squeeze', 'after_first_word'] },
          company: { from: 'form.company', apply: ['squeeze'] },
          phone: { first_of: ['person.phone', 'form.phone'] },
        },
      },
    ],
    notifications: [
      {
        id: 'tell',
        to: 'slack-sales',
        after: ['contact'],
        title: 'Visit: {form.full_name}',
        facts: {
          'Full name': { from: 'form.full_name' },
          Email: { from: 'form.email' },
          Company: { from: 'form.company' },
          Phone: { from: 'form.phone' },
          Wish: { from: 'form.wish', lookup: { tea: 'Green tea', coffee: 'Coffee' } },
          News: { from: 'form.news', lookup: { true: 'Yes', false: 'No' } },
          Born: { from: 'form.born' },
        },
        link: { label: 'Open the contact', url: '{records.contact.url}' },
      },
    ],
  })
  assert.match(text('mapping.yaml'), /# these answers are not written yet, .*: wish, news, born\n/)
})

test('a person who need not give an address is only a contact where they do; first and last name stay apart', async () => {
  const { mapping } = await madeFlow(['--fields', 'first_name, last_name, email:email'])
  const [contact] = mapping.records ?? []
  assert.deepEqual(contact?.when, { 'form.email': { exists: true } })
  assert.deepEqual(contact?.fields, {
    email: { from: 'form.email', apply: ['trim', 'lower'] },
    firstname: { from: 'form.first_name', apply: ['squeeze'] },
    lastname: { from: 'form.last_name', apply: ['squeeze'] },
    phone: { from: 'person.phone' },
  })
})

test('an address that only one way asks for makes a contact only there; options that differ are told as they are', async () => {
  const { mapping, flow } = await flowFrom(TWO_WAYS)
  assert.deepEqual(flow.screens['START']?.next, [{ when: { 'form.news': false }, show: 'WITHOUT' }, { show: 'WITH' }])
  assert.deepEqual(mapping.records?.[0]?.when, { 'form.email': { exists: true } })
  assert.deepEqual(mapping.notifications?.[0]?.facts?.['Size'], { from: 'form.size' })
})

test('files are personal and no fact; a stay is told as from and to; what is sent in words is told as it is', async () => {
  const { mapping } = await flowFrom(EVERY_INPUT)
  const [tell] = mapping.notifications ?? []
  assert.equal(tell?.facts?.['Papers'], undefined)
  assert.deepEqual(tell?.facts?.['Stay'], { template: '{form.stay.start-date} to {form.stay.end-date}' })
  assert.ok(mapping.personal?.includes('papers'))
})

test('two questions under one label stay two facts', async () => {
  const { mapping } = await madeFlow(['--fields', 'a:text "Name", b:text "Name"'])
  assert.deepEqual(Object.keys(mapping.notifications?.[0]?.facts ?? {}), ['Name', 'Name (b)'])
})

test('without destinations or an address the mapping is empty and shows how to fill it', async () => {
  const none = await madeFlow(FIELDS, {})
  assert.deepEqual([none.mapping.records, none.mapping.notifications], [[], []])
  assert.match(none.text('mapping.yaml'), /# {3}- id: contact\n[\s\S]*\nrecords: \[\]\n[\s\S]*# {3}- id: tell\n/)
  const nobody = await madeFlow(['--fields', 'count:integer'])
  assert.deepEqual(nobody.mapping.records, [])
  assert.deepEqual(nobody.mapping.personal, [])
  assert.deepEqual(nobody.mapping.notifications?.[0]?.title, 'Visit')
})

const TWO_CHANNELS = `${SHIPPED_DESTINATIONS}
  ops:
    plugin: slack
    config: { bot_token: "\${SLACK_BOT_TOKEN}", channel: C1 }
`

test('destinations are the first of each kind but for the channel of alerts, or those that are named', async () => {
  const files = { 'destinations.yaml': TWO_CHANNELS, 'flowgate.yaml': 'alerts: { to: slack-sales }\n' }
  const told = async (options: readonly string[]): Promise<unknown> =>
    (await madeFlow([...FIELDS, ...options], files)).mapping.notifications?.[0]?.to
  assert.equal(await told([]), 'ops')
  assert.equal(await told(['--notify', 'slack-sales', '--to-crm', 'hubspot']), 'slack-sales')
})

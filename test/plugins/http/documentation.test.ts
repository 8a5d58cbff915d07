import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { CrmRecord, Message } from 'flowgate/plugin'
import { parse } from 'yaml'
import http from '../../../plugins/http/index.ts'
import httpMessage from '../../../plugins/http/message.ts'
import type { HttpMessageConfig } from '../../../plugins/http/messages/message-config.ts'
import type { HttpConfig } from '../../../plugins/http/records/crm-config.ts'
import { createPluginCatalogue } from '../../../src/registry/catalogue.ts'
import { load } from '../../config/configuration-folder.ts'
import { SMALL } from '../../config/small-configuration.ts'
import { readPage } from '../../docs/markdown.ts'
import { apiKey, startListApi } from '../../stand-ins/list-api.ts'
import { sessionKey, startWasender } from '../../stand-ins/wasender.ts'
import { pluginContext } from '../../support/plugin-context.ts'
import { callOf } from './http-stage.ts'

/** The settings of the page's example, as the gateway's own loader reads them. */
async function exampleOf(page: string, name: string, env: Readonly<Record<string, string>>): Promise<unknown> {
  const { blocks } = readPage(page)
  const destinations = blocks.find(({ text }) => text.startsWith('# config/destinations.yaml'))?.text ?? ''
  const { 'flows/ask/tests.yaml': _tests, ...small } = SMALL
  const files = {
    ...small,
    'flowgate.yaml': '{}\n',
    'destinations.yaml': destinations,
    'flows/ask/mapping.yaml': mapping(page, name),
  }
  // The stand-in of the page's API is on this machine.
  const result = await load(
    files,
    { ...env, FLOWGATE_ALLOW_HOSTS: '127.0.0.1' },
    { plugins: createPluginCatalogue('.') },
  )
  assert.deepEqual(
    result.issues.filter(({ severity }) => severity === 'error'),
    [],
  )
  assert.ok(result.ok)
  return result.configuration.destinations.get(name)?.config
}

/** The page's own mapping, or a message to its destination. */
function mapping(page: string, name: string): string {
  const own = readPage(page).blocks.find(({ text }) => text.startsWith('# config/flows/'))?.text
  return (
    own?.replaceAll('form.email', 'form.goal') ??
    `notifications: [{ id: tell, to: ${name}, title: "New: {form.name}" }]\n`
  )
}

test('the list tool of the page gets its people and notes once, linked and with a link', async () => {
  await using api = await startListApi({ keys: true })
  const config = await exampleOf('docs/plugins/http.md', 'list', { LIST_API_URL: api.url, LIST_API_KEY: apiKey })
  const crm = await http.configure(config as HttpConfig, pluginContext())
  assert.deepEqual(await crm.health(callOf()), { ok: true, account: new URL(api.url).host })
  const member: CrmRecord = {
    id: 'member',
    object: 'members',
    operation: 'upsert',
    match: 'email',
    fields: { email: 'ana@acme.example', name: 'Ana' },
    links: [],
  }
  const receipt = await crm.deliver(member, callOf({ idempotencyKey: 'sub_1.member' }))
  assert.deepEqual(receipt, { outcome: 'created', id: 'members-1', url: 'https://lists.example.com/people/members-1' })
  const links = [{ object: 'members', id: receipt.id }]
  const note: CrmRecord = { id: 'note', object: 'notes', operation: 'create', fields: { text: 'Ana: Ask' }, links }
  for (const uncertain of [false, true]) await crm.deliver(note, callOf({ idempotencyKey: 'sub_1.note', uncertain }))
  assert.deepEqual(
    api.notes.map(({ fields }) => fields),
    [{ member: 'members-1', text: 'Ana: Ask' }],
  )
  const look = { object: 'members', field: 'id', value: 'members-1', fields: ['name'] }
  assert.deepEqual(await crm.find?.(look, callOf()), { id: 'members-1', name: 'Ana' })
  assert.equal((await crm.ownerOf?.({ object: 'members', id: 'members-1' }, callOf()))?.email, 'owner@acme.example')
})

test('the WhatsApp message of the page reaches a number and a group', async () => {
  await using vendor = await startWasender()
  const env = {
    WASENDER_URL: `${vendor.standIn.url}/api`,
    WASENDER_API_KEY: sessionKey,
    STAFF_NUMBER: '+5511999990000',
  }
  const config = await exampleOf('docs/plugins/http-message.md', 'whatsapp-staff', env)
  const notifier = await httpMessage.configure(config as HttpMessageConfig, pluginContext())
  assert.equal((await notifier.health(callOf())).ok, true)
  const message: Message = {
    title: 'New lead: Ana',
    facts: [{ label: 'Budget', value: 'over_50k' }],
    link: { label: 'Open', url: 'https://crm.example/1' },
    record: 'new',
  }
  const receipt = await notifier.deliver(message, callOf())
  assert.deepEqual(receipt, { outcome: 'sent', id: '100000' })
  await notifier.deliver({ ...message, recipient: { kind: 'named', name: 'vip' } }, callOf())
  await notifier.deliver(
    { ...message, recipient: { kind: 'owner', owner: { id: '7', email: 'ana@acme.example' } } },
    callOf(),
  )
  assert.deepEqual(
    vendor.messages.map(({ to }) => to),
    ['+5511999990000', '120363000000000000@g.us', '+5511999990001'],
  )
  assert.equal(
    vendor.messages[0]?.text,
    'New lead: Ana\n\nBudget: over_50k\n\nOpen: https://crm.example/1\n\nNew record',
  )
})

/** Names in the first column of the tables of settings. */
function listed(page: string): readonly string[] {
  const [, text = ''] = /^## Set it up$([\s\S]*?)^## (?:Credentials|Places)$/mu.exec(readPage(page).text) ?? []
  return [...text.matchAll(/^\| `([a-z_]+)` \|/gmu)].map(([, name = '']) => name)
}

test('the pages list exactly the settings there are', () => {
  const { properties } = JSON.parse(JSON.stringify(http.configSchema))
  const object = properties.objects.additionalProperties.properties
  const request = object.create.properties
  const wanted = [properties, object, request].flatMap((each) => Object.keys(each))
  assert.deepEqual([...listed('docs/plugins/http.md')].sort(), wanted.sort())
  const message = Object.keys(JSON.parse(JSON.stringify(httpMessage.configSchema)).properties)
  assert.deepEqual([...listed('docs/plugins/http-message.md')].sort(), message.sort())
})

test('the pages explain exactly the codes there are', () => {
  for (const [page, { failureCodes = {} }] of [
    ['docs/plugins/http.md', http],
    ['docs/plugins/http-message.md', httpMessage],
  ] as const) {
    const explained = [...readFileSync(page, 'utf8').matchAll(/^\| `(FG_[A-Z_]+)` \|/gmu)].map(([, code]) => code)
    assert.deepEqual(explained, Object.keys(failureCodes))
  }
})

test('the mapping of the page names fields that its requests send', () => {
  const text =
    readPage('docs/plugins/http.md').blocks.find((block) => block.text.startsWith('# config/flows/'))?.text ?? ''
  const { records } = parse(text)
  assert.deepEqual(
    records.map(({ object, operation }: CrmRecord) => [object, operation]),
    [
      ['members', 'upsert'],
      ['notes', 'create'],
    ],
  )
})

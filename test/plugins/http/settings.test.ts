import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { JsonObject } from 'flowgate/plugin'
import http from '../../../plugins/http/index.ts'
import httpMessage from '../../../plugins/http/message.ts'
import type { ObjectConfig } from '../../../plugins/http/records/crm-config.ts'
import { pluginContext } from '../../support/plugin-context.ts'
import { failureOf, inWords } from './http-stage.ts'

const base_url = 'https://api.example/v1'
const takes = new Ajv2020({ strict: false }).compile(http.configSchema)

async function fault(things: ObjectConfig, more: JsonObject = {}): Promise<string> {
  const config = { base_url, objects: { things }, ...more }
  assert.ok(takes(config), 'the schema is to leave this to the plugin')
  const failure = await failureOf((async () => http.configure(config, pluginContext()))())
  assert.equal(inWords(failure), 'permanent destination FG_HTTP_SETTINGS')
  return failure.message
}

test('a mistake in a request is told in a sentence that names it', async () => {
  const create = { path: '/things' }
  const table: readonly [things: ObjectConfig, words: RegExp][] = [
    [{ create: { path: '/a/{fields}/x{' } }, /^objects\.things\.create: `\{` is no place/],
    [
      { create: { path: '/a/{form.email}' } },
      /`\{form\.email\}` is no place: there is \{key\}, \{object\}.*\{fields\.<name>\}/,
    ],
    [{ create: { path: '/a/{id}' } }, /`\{id\}` is no place/],
    [{ create: { path: '/a', body: { x: ['{fields. }'] } } }, /is no place/],
    [{ create: { path: '/a/../b' } }, /holds an empty segment, \. or \.\./],
    [{ create: { path: '/a', method: 'GET' } }, /a GET writes nothing/],
    [{ create: { path: '/a', headers: { Host: 'evil.example' } } }, /the header host is the connection's own/],
    [{ create: { path: '/a', id: 'data..id' } }, /`data\.\.id` leads nowhere/],
    [{ create: { path: '/a', body: [1], body_as: 'form' } }, /a form is a list of names and values/],
    [{ create, find: { path: '/a?'.slice(0, 2), body: {} } }, /objects\.things\.find: a GET has no body/],
    [{ create, key_field: 'ref' }, /key_field: a field is found by `find`/],
    [{ create, find: { path: '/a' }, key_field: 'ref' }, /unless `create` writes \{key\} into ref/],
    [{ create, link: 'https://a.example/{fields}' }, /objects\.things\.link: `\{fields\}` is no place/],
    [{ create, owner: { path: '/a/{id}', id: '[x]' } }, /objects\.things\.owner: `\[x\]` leads nowhere/],
  ]
  for (const [things, words] of table) assert.match(await fault(things), words)
})

test('a mistake in the rest names its place and not its secret', async () => {
  const things = { create: { path: '/a' } }
  const message = await fault(things, { auth: { bearer: 'hunter2\n' } })
  assert.match(message, /the header authorization holds a line break/)
  assert.doesNotMatch(message, /hunter2/)
  assert.match(await fault(things, { base_url: 'https://256.0.0.1' }), /base_url is no URL/)
})

test('the schema refuses what can never work', () => {
  const objects = { things: { create: { path: '/a' } } }
  assert.ok(takes({ base_url, objects }))
  const wrong: readonly JsonObject[] = [
    { base_url },
    { base_url, objects: {} },
    { base_url, objects: { things: {} } },
    { base_url, objects: { things: { find: { path: '/a' } } } },
    { base_url, objects: { things: { create: { path: '/a?x=1' } } } },
    { base_url, objects: { things: { create: { path: 'a' } } } },
    { base_url, objects: { things: { create: { path: '/a', failures: { 200: 'unchanged' } } } } },
    { base_url, objects: { things: { create: { path: '/a', failures: { 409: 'sent' } } } } },
    { base_url, objects: { things: { create: { path: '/a', success_on: [302] } } } },
    { base_url, objects: { things: { create: { path: '/a' }, link: 'javascript:alert(1)' } } },
    { base_url, objects: { things: { create: { path: '/a' }, link: 'https://{id}.evil.example/x' } } },
    { base_url, objects, limits: { requests: 0, per_seconds: 1 } },
    { base_url, objects, idempotency_header: 'a b' },
    { base_url, objects, auth: { bearer: 'a', basic: { username: 'b', password: 'c' } } },
    { base_url: 'https://me:pw@api.example', objects },
    { base_url, objects, retries: 3 },
  ]
  for (const config of wrong) assert.equal(takes(config), false, JSON.stringify(config))
})

test('secrets are marked as such, wherever they stand', () => {
  for (const { configSchema } of [http, httpMessage]) {
    const { auth } = JSON.parse(JSON.stringify(configSchema)).properties
    const { bearer, basic, header, oauth2 } = auth.properties
    const secrets = [bearer, basic.properties.password, header.properties.value]
    secrets.push(oauth2.properties.client_secret, oauth2.properties.refresh_token)
    assert.deepEqual(
      secrets.map(({ writeOnly }) => writeOnly),
      Array(5).fill(true),
    )
  }
})

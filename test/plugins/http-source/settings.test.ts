import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { FailureError } from 'flowgate/plugin'
import { parse } from 'yaml'
import { sourceFailureCodes as failureCodes } from '../../../plugins/http/failure-codes.ts'
import { configSchema, type HttpSourceConfig, type QueryConfig } from '../../../plugins/http/questions/source-config.ts'
import httpSource from '../../../plugins/http/source.ts'
import { pluginContext } from '../../support/plugin-context.ts'
import { queries } from './calendar.ts'

const PAGE = new URL('../../../docs/plugins/http-source.md', import.meta.url)

const base = { base_url: 'https://calendar.example/v2', queries: { member: { path: '/members/{number}' } } }

const schemaTakes = new Ajv2020({ strict: false }).compile(configSchema)

/** What the plugin says of settings: nothing, or its words. */
async function fault(config: HttpSourceConfig): Promise<string | undefined> {
  assert.ok(schemaTakes(config), 'the schema is to leave this to the plugin')
  try {
    await httpSource.configure(config, pluginContext())
    return undefined
  } catch (error) {
    assert.ok(error instanceof FailureError)
    assert.equal(error.failure.code, 'FG_HTTP_SOURCE_SETTINGS')
    return error.failure.message
  }
}

test('the queries are described with the parameters they need', async () => {
  const described = await httpSource.queries?.({ ...base, queries }, pluginContext())
  assert.deepEqual(described, [
    { name: 'free_slots', parameters: ['department', 'from', 'only'], purpose: 'read' },
    { name: 'member', parameters: ['number'], purpose: 'read' },
    { name: 'search', parameters: ['who', 'size'], purpose: 'read' },
    { name: 'book', parameters: ['slot', 'name'], purpose: 'reserve' },
    { name: 'unbook', parameters: [], purpose: 'release' },
    { name: 'book_plainly', parameters: ['slot'], purpose: 'reserve' },
    { name: 'booking_of', parameters: [], purpose: 'read' },
  ])
})

test('what reserves needs the parameters of its look-up too', async () => {
  const book = { path: '/slots/{slot}', purpose: 'reserve', look_up: 'mine' } as const
  const mine = { path: '/calendars/{calendar}/bookings/{key}' }
  const described = await httpSource.queries?.({ ...base, queries: { book, mine } }, pluginContext())
  assert.deepEqual(described?.[0], { name: 'book', parameters: ['slot', 'calendar'], purpose: 'reserve' })
})

test('queries are described while variables are not set', async () => {
  const unset = {
    base_url: `\${CALENDAR_URL}`,
    queries: { a: { path: `/\${TENANT}/{slot}`, query: { q: `\${X}{who}` } } },
  }
  assert.deepEqual(await httpSource.queries?.(unset, pluginContext()), [
    { name: 'a', parameters: ['slot', 'who'], purpose: 'read' },
  ])
})

test('a mistake in a query is told in a sentence that names it', async () => {
  const table: readonly [query: QueryConfig, words: RegExp][] = [
    [{ path: '/a/{who' }, /query `one`: `\{` is no place: write \{name\}/],
    [{ path: '/a/who}' }, /`\}` is no place/],
    [{ path: '/a/{form.email}' }, /`\{form\.email\}` is no place/],
    [{ path: '/a', query: { x: '{}' } }, /`\{\}` is no place/],
    [{ path: '/a//b' }, /holds an empty segment/],
    [{ path: '/a/../b' }, /holds an empty segment, \. or \.\./],
    [{ path: '/a/%2E%2e/b' }, /holds an empty segment/],
    [{ path: '/a', body: {} }, /a GET has no body/],
    [{ path: '/a', method: 'POST', body: { x: ['{a b}'] } }, /`\{a b\}` is no place/],
    [{ path: '/a', result: 'data..slots' }, /`data\.\.slots` leads nowhere/],
    [{ path: '/a', result: 'slots[x]' }, /leads nowhere/],
    [{ path: '/a', result: '' }, /leads nowhere/],
    [{ path: '/a', taken_on: [409] }, /belong to queries with purpose: reserve/],
    [{ path: '/a', purpose: 'reserve', nothing_on: [404] }, /what reserves has `taken_on`/],
    [{ path: '/a', purpose: 'reserve', look_up: 'none' }, /its look_up `none` is no query that reads/],
    [{ path: '/a', purpose: 'reserve', look_up: 'one' }, /its look_up `one` is no query that reads/],
    [{ path: '/a/{key}' }, /query `one` has a place \{key\}/],
    [{ path: '/a', headers: { Host: 'evil.example' } }, /the header host is the connection's own/],
  ]
  for (const [one, words] of table) {
    const config = { ...base, queries: { ...base.queries, one } }
    assert.match((await fault(config)) ?? 'none', words)
    // `flowgate check` hears the same without an address.
    await assert.rejects(async () => httpSource.queries?.(config, pluginContext()), words)
  }
})

test('a mistake in the rest names its place and not its secret', async () => {
  const auth = { bearer: 'hunter2\n' }
  assert.match((await fault({ ...base, auth })) ?? '', /the header authorization holds a line break/)
  assert.doesNotMatch((await fault({ ...base, auth })) ?? '', /hunter2/)
  assert.match((await fault({ ...base, headers: { 'x-key': 'schlüssel' } })) ?? '', /the header x-key holds/)
  assert.match(
    (await fault({ ...base, headers: { 'Transfer-Encoding': 'chunked' } })) ?? '',
    /transfer-encoding is the/,
  )
  assert.match((await fault({ ...base, base_url: 'https://256.0.0.1' })) ?? '', /base_url is no URL/)
  assert.equal(await fault(base), undefined)
})

test('the schema refuses what can never work', () => {
  const wrong: readonly object[] = [
    {},
    { base_url: base.base_url },
    { ...base, queries: {} },
    { ...base, base_url: 'calendar.example' },
    { ...base, base_url: 'ftp://calendar.example' },
    { ...base, base_url: 'https://me:pw@calendar.example' },
    { ...base, base_url: 'https://calendar.example?x=1' },
    { ...base, auth: {} },
    { ...base, auth: { bearer: 'a', header: { name: 'x', value: 'y' } } },
    { ...base, headers: { 'a b': 'c' } },
    { ...base, health: 'me' },
    { ...base, retries: 3 },
    ...['slots', '/slots?x=1', '/slots#a', '/a b', '/a\\b', ''].map((path) => ({
      ...base,
      queries: { one: { path } },
    })),
    { ...base, queries: { one: { path: '/a', method: 'HEAD' } } },
    { ...base, queries: { one: { path: '/a', nothing_on: [200] } } },
    { ...base, queries: { 'One Query': { path: '/a' } } },
  ]
  for (const config of wrong) assert.equal(schemaTakes(config), false, JSON.stringify(config))
  for (const base_url of ['https://a.example', 'http://10.0.0.1:81/x/', 'https://[fd00::1]:8443']) {
    assert.ok(schemaTakes({ ...base, base_url }), base_url)
  }
})

test('secrets are marked as such, wherever they stand', () => {
  const marked = JSON.stringify(configSchema).match(/"writeOnly":true/g) ?? []
  assert.equal(
    marked.length,
    7,
    'bearer, password, header value, OAuth secret and refresh token, headers, headers of a query',
  )
})

test('the page explains exactly the settings and the failure codes there are', async () => {
  const page = await readFile(PAGE, 'utf8')
  const folder = new URL('../../../plugins/http/', import.meta.url)
  const files = (await readdir(folder, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && file !== 'failure-codes.ts',
  )
  const code = (await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')))).join('\n')
  const used = [...new Set(code.match(/FG_HTTP_SOURCE_[A-Z]+/g))].sort()
  assert.deepEqual(used, Object.keys(failureCodes).sort())
  const explained = [...new Set(page.match(/FG_HTTP_SOURCE_[A-Z]+/g))].sort()
  assert.deepEqual(explained, used)
  const properties = JSON.parse(JSON.stringify(configSchema)).properties
  const settings = [...Object.keys(properties), ...Object.keys(properties.queries.additionalProperties.properties)]
  const listed = [...page.slice(0, page.indexOf('## Places')).matchAll(/^\| `([a-z_]+)`/gm)].map(([, name]) => name)
  assert.deepEqual(listed.sort(), settings.sort())
})

test('the example of the page is one that works', async () => {
  const page = await readFile(PAGE, 'utf8')
  const [, yaml = ''] = /```yaml\n# config\/destinations\.yaml\n([\s\S]*?)```/.exec(page) ?? []
  const { calendar } = parse(yaml).sources
  assert.equal(await fault(calendar.config), undefined)
  const [, more = ''] = /```yaml\n( {8}book:[\s\S]*?)```/.exec(page) ?? []
  assert.equal(await fault({ ...base, queries: parse(more) }), undefined)
})

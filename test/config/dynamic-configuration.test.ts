import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import type { LoadResult } from '../../src/config/load.ts'
import { beginSession } from '../../src/flow/begin-session.ts'
import { sessionScope } from '../../src/flow/session.ts'
import { load, places } from './configuration-folder.ts'
import { altered, ask, DYNAMIC } from './dynamic-configuration.ts'
import { flowJson, SMALL, screen } from './small-configuration.ts'

const FLOW = 'flows/book/flow.yaml'

function loaded(result: LoadResult) {
  assert.deepEqual(places(result), [])
  assert.ok(result.ok)
  return result.configuration
}

test('a flow that asks, checks, reserves, repeats, hands over and resumes loads without a word', async () => {
  const { flows, sources } = loaded(await load(DYNAMIC))
  const book = flows.get('book')
  assert.deepEqual([...(book?.flow.asks.keys() ?? [])], ['customer', 'slots', 'coupon'])
  assert.deepEqual([...(book?.versions.keys() ?? [])], ['1'])
  assert.equal(book?.versions.get('1')?.flow, book?.flow)
  assert.equal(book?.flow.place(['asks', 'slots', 'query']), `${FLOW}:20:12`)
  assert.deepEqual([...sources.keys()], ['calendar', 'shop'])
})

test("a source's settings are read with their units and defaults", async () => {
  const { sources } = loaded(await load(DYNAMIC))
  const { ifUnavailable = [], ...calendar } = sources.get('calendar') ?? {}
  assert.deepEqual(calendar, {
    name: 'calendar',
    plugin: 'table',
    config: { file: 'calendar.sql' },
    atOnce: 8,
    answerWithinMs: 1500,
    cache: { ttlMs: 30_000, staleMs: 300_000, nothingFoundMs: 5_000, entries: 1_000, shared: false },
    breaker: { failures: 3, restMs: 60_000 },
  })
  const [first, second] = ifUnavailable
  assert.equal(first, 'stale')
  assert.ok(typeof second === 'object')
  const { message } = second
  const scope = {
    form: {},
    person: {},
    session: {},
    flow: {},
    data: {},
    sent: {},
    values: {},
    asked: {},
    checks: {},
    records: {},
  }
  assert.equal(await message.say(scope, 'pt_PT'), 'Ocupado, aguarde.')
  assert.deepEqual(sources.get('shop'), {
    name: 'shop',
    plugin: 'open',
    config: {},
    atOnce: 8,
    answerWithinMs: 1500,
    cache: undefined,
    breaker: { failures: 5, restMs: 10_000 },
    ifUnavailable: [],
  })
})

test('without a duration of its own, nothing found is kept as long as anything else', async () => {
  const { sources } = loaded(await load(altered('destinations.yaml', 'stale: 5m, nothing_found: 5s', 'shared: true')))
  const cache = { ttlMs: 30_000, staleMs: 0, nothingFoundMs: 30_000, entries: 1_000, shared: true }
  assert.deepEqual(sources.get('calendar')?.cache, cache)
})

test('sources alone make a destinations.yaml, and a destination and a source may share a name', async () => {
  const { 'flows/ask/flow.json': json, 'flows/ask/flow.yaml': yaml } = SMALL
  const only = { 'flows/ask/flow.json': json, 'flows/ask/flow.yaml': yaml }
  const alone = await load({ ...only, 'destinations.yaml': 'sources: { main: { plugin: open } }\n' })
  assert.deepEqual([...loaded(alone).sources.keys()], ['main'])
  const both = `${SMALL['destinations.yaml']}sources: { main: { plugin: open } }\n`
  const { destinations, sources } = loaded(await load({ ...SMALL, 'destinations.yaml': both }))
  assert.equal(destinations.get('main')?.plugin, 'crm')
  assert.equal(sources.get('main')?.plugin, 'open')
})

test("a source's variables are filled; what a plugin cannot say without them is no mistake", async () => {
  const files = altered('destinations.yaml', 'file: calendar.sql', `file: "\${QUERIES}"`)
  const { sources } = loaded(await load(files, { QUERIES: 'calendar.sql' }))
  assert.deepEqual(sources.get('calendar')?.config, { file: 'calendar.sql' })
  loaded(await load(files, {}, { secrets: 'placeholder' }))
  assert.deepEqual(places(await load(files)), ['destinations.yaml:7:21 error FG_CONFIG_VARIABLE_UNSET'])
  // The file is known although something else is not: its mistakes are told.
  const broken = altered('destinations.yaml', 'file: calendar.sql', `file: broken.sql, url: "\${BOOKING}"`)
  assert.deepEqual(places(await load(broken, { BOOKING: 'x' }, { secrets: 'placeholder' })), [
    'destinations.yaml:7:13 error FG_CONFIG_QUERIES',
  ])
  assert.deepEqual(places(await load(broken, {}, { secrets: 'placeholder' })), [])
})

test('asks of sources that nobody could read are not compared with anything', async () => {
  const unread = await load({ ...DYNAMIC, 'destinations.yaml': 'sources: [\n' })
  assert.deepEqual([...new Set(unread.issues.map(({ code }) => code))], ['FG_CONFIG_YAML'])
  const none = await load({ ...DYNAMIC, 'destinations.yaml': 'destinations: {}\n' })
  assert.deepEqual(
    none.issues.filter(({ code }) => code === 'FG_CONFIG_SOURCE_UNKNOWN').map(({ message }) => message),
    [
      'there is no source `shop`: destinations.yaml names none',
      'there is no source `calendar`: destinations.yaml names none',
      'there is no source `calendar`: destinations.yaml names none',
      'there is no source `calendar`: destinations.yaml names none',
    ],
  )
})

test('a query may take more than it needs', async () => {
  loaded(await load(altered(FLOW, 'with: { code:', 'with: { country: BR, code:')))
})

test('whatever a session has may be referred to, in flows and in mappings', async () => {
  const { flow } = loaded(await load(DYNAMIC)).flows.get('book') ?? {}
  assert.ok(flow)
  const now = new Date('2026-05-04T09:00:00Z')
  const place = { key: 'k', source: 'calendar', reserve: 'hold', release: 'free', parameters: {} }
  const begun = beginSession(flow, undefined, 'token', 'ses_1', now)
  const progress = { ...begun.progress, queue: 'sales', flags: ['slots'], reservations: { place } }
  const names = Object.keys(sessionScope({ ...begun, version: '1', variant: 'long', progress }, '2026-05-04'))
  assert.ok(names.length >= 11, names.join())
  const all = (more: readonly string[]) => [...names, ...more].map((name) => `session.${name}`).join(', ')
  const inFlow = altered(FLOW, 'first_of: [checks.coupon.message', `first_of: [${all(['round', 'left_at'])}`)
  loaded(await load(inFlow))
  const inMapping = altered('flows/book/mapping.yaml', 'from: form.name }', `first_of: [${all(['path'])}] }`)
  loaded(await load(inMapping))
})

test('the list a repeated screen collects may be referred to', async () => {
  loaded(await load(altered('flows/book/mapping.yaml', 'from: form.name }', 'from: form.people.0.name }')))
})

test('a flow without variants has nobody in one', async () => {
  const none = altered(FLOW, 'variants: { short: 1, long: 3 }\n', '')
  const tests = DYNAMIC['flows/book/tests.yaml'].replace('    variant: short\n', '')
  const result = await load({ ...none, 'flows/book/tests.yaml': tests })
  assert.deepEqual(result.issues.map(formatIssue), [
    `${FLOW}:71:17 error FG_CONFIG_VARIANT_UNKNOWN \`session.variant\` is always absent: the flow has no \`variants\``,
  ])
})

test('a source that keeps no answers has no older ones, wherever they are to stand in', async () => {
  const result = await load(altered('destinations.yaml', '    cache: { ttl: 30s, stale: 5m, nothing_found: 5s }\n', ''))
  assert.deepEqual(places(result), [
    'destinations.yaml:9:21 advice FG_CONFIG_NOTHING_STALE',
    `${FLOW}:22:21 advice FG_CONFIG_NOTHING_STALE`,
  ])
})

test('a path of an ask is not mistaken for one that a way of choose holds as a constant', async () => {
  const choose =
    'choose: [{ when: { form.day: { exists: true } }, value: { from: asked.cupon.percent } }, { value: asked.cupon }]'
  const result = await load(altered(FLOW, 'first_of: [checks.coupon.message, session.today]', choose))
  assert.deepEqual(
    result.issues.map(({ line, column, code }) => [line, column, code]),
    [
      [40, 79, 'FG_CONFIG_ASK_UNKNOWN'],
      [40, 113, 'FG_CONFIG_LITERAL'],
    ],
  )
})

test('payload keys that are no field are known: versions, where a person comes from, and what is looked at', async () => {
  const sends = ['name', 'size', 'flow_version', 'campaign', 'entry_point', 'referral', 'utm_source', 'kind', 'oddity']
  const json = flowJson(
    { ASK: ['DONE'], DONE: [] },
    screen('ASK', { sends }),
    screen('DONE', { sends: ['goal'], terminal: true }),
  )
  const yaml = SMALL['flows/ask/flow.yaml']
    .replace('    data:\n      hello: Hello\n', '')
    .replace('form.size: { gte: 50 }', 'sent.kind: x')
  const result = await load({ ...SMALL, 'flows/ask/flow.json': json, 'flows/ask/flow.yaml': yaml })
  assert.deepEqual(
    result.issues.map(({ message }) => message),
    ['screen `ASK` sends oddity, but no field in flow.yaml takes it: what is sent there is dropped'],
  )
})

test('a screen whose selections alone ask the endpoint needs no next', async () => {
  const select = { type: 'DatePicker', name: 'day', label: 'Day', 'on-select-action': ask({ day: `\${form.day}` }) }
  const onward = { name: 'navigate', next: { type: 'screen', name: 'DONE' }, payload: {} }
  const layout = {
    type: 'SingleColumnLayout',
    children: [select, { type: 'Footer', label: 'Go on', 'on-click-action': onward }],
  }
  const picking = { id: 'ASK', title: 'ASK', layout }
  const files = {
    'flows/ask/flow.json': flowJson({ ASK: ['DONE'], DONE: [] }, picking, screen('DONE', { terminal: true })),
    'flows/ask/flow.yaml': `flow: ask
title: Ask
version: "1"
first_screen: ASK
screens:
  ASK:
    fields: { day: { type: date } }
    triggers: [{ when: { sent.day: { exists: true } } }]
`,
  }
  loaded(await load(files))
})

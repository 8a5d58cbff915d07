import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Configuration, DestinationSettings, SourceSettings } from '../../src/config/configuration.ts'
import type { PluginContext } from '../../src/plugin/definition.ts'
import { createRegistry, type Registry } from '../../src/registry/registry.ts'
import { testClock } from '../support/clock.ts'
import { keptLog } from '../support/log.ts'

// Counts its instances in its settings, so that each test has its own.
const plugin = (kind: string) => `
export default {
  apiVersion: 1, kind: '${kind}', name: 'p', title: 'P', configSchema: {},
  configure(config, context) {
    config.made.push(context.destination)
    if (config.refuses) throw config.refuses
    return { context, close: async () => { config.closed.push(context.destination) } }
  },
  classify(error) {
    if (error instanceof RangeError) return { kind: 'retryable', code: 'RANGE', message: 'r' }
    if (error instanceof SyntaxError) throw new Error('classify is broken')
  },
}`

let folder = ''
const { log, lines } = keptLog()

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flowgate-registry-'))
  for (const kind of ['crm', 'notification', 'source']) {
    await mkdir(join(folder, kind))
    await writeFile(join(folder, kind, 'index.js'), plugin(kind))
  }
  await mkdir(join(folder, 'throws'))
  await writeFile(join(folder, 'throws', 'index.js'), `throw new Error('x')`)
})

after(() => rm(folder, { recursive: true }))

interface Counted {
  readonly made: string[]
  readonly closed: string[]
  refuses?: unknown
}

interface Plugins {
  readonly destinations?: Readonly<Record<string, string>>
  readonly sources?: Readonly<Record<string, string>>
}

function registryOf({ destinations = {}, sources = {} }: Plugins, config: Counted): Registry {
  const configuration: Configuration = {
    flows: new Map(),
    destinations: new Map(
      Object.entries(destinations).map(([name, plugin]): [string, DestinationSettings] => [
        name,
        { name, plugin, config: { ...config }, atOnce: 1, answerWithinMs: 1_000, onUnknown: 'hold' },
      ]),
    ),
    sources: new Map(Object.entries(sources).map(([name, plugin]) => [name, sourceSettings(name, plugin, config)])),
    alertsTo: undefined,
    advice: [],
  }
  return createRegistry({ configuration: () => configuration, configurationFolder: folder, log, clock: testClock() })
}

function sourceSettings(name: string, plugin: string, config: Counted): SourceSettings {
  const breaker = { failures: 5, restMs: 10_000 }
  const limits = { atOnce: 1, answerWithinMs: 1_000, cache: undefined, breaker, ifUnavailable: [] }
  return { name, plugin, config: { ...config }, ...limits }
}

const counted = (): Counted => ({ made: [], closed: [] })

test('a destination is set up on first use, once, and closed at the end', async () => {
  const config = counted()
  const registry = registryOf({ destinations: { a: './crm', b: './crm', c: './notification' } }, config)
  const [first, second] = await Promise.all([registry.crm('a'), registry.destination('a')])
  assert.equal(first, second)
  await registry.notifier('c')
  assert.deepEqual(config.made, ['a', 'c'])
  await registry.close()
  await registry.close()
  assert.deepEqual(config.closed.sort(), ['a', 'c'])
})

test('records go to a CRM only and messages to a channel only', async () => {
  const registry = registryOf({ destinations: { a: './crm', c: './notification', s: './source' } }, counted())
  const wrong = { failure: { kind: 'permanent', scope: 'destination', code: 'FG_DESTINATION_WRONG_KIND' } }
  for (const asked of [registry.crm('c'), registry.notifier('a'), registry.destination('s')]) {
    await assert.rejects(asked, (error: typeof wrong) => {
      assert.equal(error.failure.code, wrong.failure.code)
      assert.equal(error.failure.scope, 'destination')
      return true
    })
  }
})

test('a destination out of order says why, keeps its failure to itself, and is tried again', async () => {
  const config = counted()
  config.refuses = new Error('bad settings')
  const registry = registryOf({ destinations: { a: './crm', gone: './gone', throws: './throws' } }, config)
  const codeOf = async (name: string) =>
    registry.destination(name).then(
      () => 'fine',
      (error) => error.failure?.code,
    )
  assert.equal(await codeOf('a'), 'FG_DESTINATION_CONFIGURE_FAILED')
  assert.equal(await codeOf('a'), 'FG_DESTINATION_CONFIGURE_FAILED')
  assert.deepEqual(config.made, ['a', 'a'])
  assert.equal(await codeOf('gone'), 'FG_DESTINATION_PLUGIN_UNKNOWN')
  assert.equal(await codeOf('throws'), 'FG_DESTINATION_PLUGIN_FAILED')
  assert.equal(await codeOf('never'), 'FG_DESTINATION_UNKNOWN')
  assert.ok(lines.some((line) => line.includes('destination.failed')))
  await registry.close()
})

test('the class of an error is asked of the plugin, and a classify that throws knows nothing', async () => {
  const { classify } = await registryOf({ destinations: { a: './crm' } }, counted()).crm('a')
  assert.equal(classify(new RangeError('x'))?.code, 'RANGE')
  assert.equal(classify(new TypeError('x')), undefined)
  assert.equal(classify(new SyntaxError('x')), undefined)
})

test('a source is set up on first use, once, and closed with the destinations', async () => {
  const config = counted()
  const registry = registryOf({ destinations: { a: './crm' }, sources: { s: './source', t: './source' } }, config)
  const [first, second] = await Promise.all([registry.source('s'), registry.source('s')])
  assert.equal(first, second)
  assert.equal(first.settings.name, 's')
  assert.equal(first.classify(new RangeError('x'))?.code, 'RANGE')
  await registry.crm('a')
  assert.deepEqual(config.made, ['s', 'a'])
  await registry.close()
  await registry.close()
  assert.deepEqual(config.closed, ['s', 'a'])
})

test('a source out of order says why, and is tried again', async () => {
  const config = counted()
  config.refuses = new Error('bad settings')
  const plugins = { s: './source', gone: './gone', throws: './throws', c: './crm', n: './notification' }
  const registry = registryOf({ sources: plugins }, config)
  const failureOf = async (name: string) =>
    registry.source(name).then(
      () => undefined,
      (error) => error.failure,
    )
  for (const [name, code, words] of [
    ['s', 'FG_SOURCE_CONFIGURE_FAILED', /refused this source's settings/],
    ['s', 'FG_SOURCE_CONFIGURE_FAILED', /source\.refused/],
    ['gone', 'FG_SOURCE_PLUGIN_UNKNOWN', /no plugin \.\/gone/],
    ['throws', 'FG_SOURCE_PLUGIN_FAILED', /plugin\.failed/],
    ['never', 'FG_SOURCE_UNKNOWN', /No source never/],
    ['c', 'FG_SOURCE_WRONG_KIND', /move it to destinations/],
    ['n', 'FG_SOURCE_WRONG_KIND', /takes deliveries and answers no questions/],
  ] as const) {
    const failure = await failureOf(name)
    assert.equal(failure?.code, code)
    assert.equal(failure?.scope, 'destination')
    assert.match(failure?.message, words)
  }
  assert.deepEqual(config.made, ['s', 's'], 'a plugin of another kind is not even given the settings')
})

test('a source is lent the CRM it looks records up in, and nothing that takes messages', async () => {
  const registry = registryOf(
    { destinations: { a: './crm', c: './notification' }, sources: { s: './source' } },
    counted(),
  )
  const { instance } = await registry.source('s')
  const { context } = instance as typeof instance & { readonly context: PluginContext }
  assert.equal(context.destination, 's')
  assert.equal(await context.crm('a'), (await registry.crm('a')).instance)
  await assert.rejects(context.crm('c'), { message: /^FG_DESTINATION_WRONG_KIND: Records are looked up in c/ })
  await assert.rejects(context.crm('never'), { message: /^FG_DESTINATION_UNKNOWN/ })
  await registry.close()
})

import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import { createPluginCatalogue } from '../../src/registry/catalogue.ts'
import { loadPlugin } from '../../src/registry/load-plugin.ts'
import { pluginContext } from '../support/plugin-context.ts'

const good = `
import { definePlugin, FailureError } from 'flowgate/plugin'
export default definePlugin({
  apiVersion: 1, kind: 'crm', name: 'strange', title: 'Strange', configSchema: { type: 'object' },
  configure: () => ({ deliver: async () => { throw new FailureError({ kind: 'retryable', code: 'S', message: 'S' }) }, close: async () => {} }),
  classify: () => undefined,
})`

const files: Readonly<Record<string, string>> = {
  'crm/strange/index.ts': good.replace('configure: ()', 'configure: (_config: object)'),
  'single.js': good,
  'node_modules/@acme/flowgate-strange/package.json':
    '{ "name": "@acme/flowgate-strange", "type": "module", "exports": { "import": "./main.js" } }',
  'node_modules/@acme/flowgate-strange/main.js': good,
  'empty/index.js': 'export const nothing = 1',
  'old/index.js': 'export default { apiVersion: 0 }',
  'kind/index.js': `export default { apiVersion: 1, kind: 'robot' }`,
  'no-configure/index.js': `export default { apiVersion: 1, kind: 'crm' }`,
  'no-classify/index.js': `export default { apiVersion: 1, kind: 'crm', configure() {} }`,
  'no-schema/index.js': `export default { apiVersion: 1, kind: 'crm', configure() {}, classify() {} }`,
  'no-queries/index.js': `export default { apiVersion: 1, kind: 'source', configure() {}, classify() {}, configSchema: {}, queries: [] }`,
  ...Object.fromEntries(
    ['faults: []', 'abilities: []', `persons: 'email'`].map((member) => [
      `no-${member.split(':')[0]}/index.js`,
      `export default { apiVersion: 1, kind: 'crm', configure() {}, classify() {}, configSchema: {}, ${member} }`,
    ]),
  ),
  'throws/index.js': `throw new Error('not today')`,
}

let folder = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flowgate-plugins-'))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
})

after(() => rm(folder, { recursive: true }))

test('the plugins that come with the gateway are known by the names of their folders', async () => {
  const catalogue = createPluginCatalogue(folder)
  assert.ok(catalogue.names().length >= 2)
  for (const name of catalogue.names()) {
    const described = await catalogue.describe(name)
    assert.ok(described !== undefined, name)
    assert.equal(typeof described.configSchema, 'object')
  }
})

test('a stranger’s plugin outside the checkout is loaded from a folder, a file or a package, with our contract', async () => {
  for (const name of ['./crm/strange', './single.js', 'npm:@acme/flowgate-strange']) {
    const plugin = await loadPlugin(name, folder)
    assert.ok(plugin?.kind === 'crm', name)
    const crm = await plugin.configure({}, pluginContext())
    const call = {
      signal: new AbortController().signal,
      idempotencyKey: 'k',
      attempt: 1,
      uncertain: false,
      resend: false,
    }
    const record = { id: 'r', object: 'o', operation: 'create', fields: {}, links: [] } as const
    await assert.rejects(crm.deliver(record, call), FailureError)
  }
})

test('a plugin that is not there is none, and no name leads out of the folder of built-in ones', async () => {
  for (const name of ['nothing', './nothing', 'npm:@acme/nothing', '../src', 'hubspot/..', '', '__proto__']) {
    assert.equal(await loadPlugin(name, folder), undefined, name)
  }
})

test('a module that is no plugin is refused with the reason', async () => {
  const reasons = {
    './empty': /no default export/,
    './old': /version 0 of the plugin contract/,
    './kind': /of kind robot/,
    './no-configure': /no configure function/,
    './no-classify': /no classify function/,
    './no-schema': /no configSchema/,
    './no-queries': /queries, but no function/,
    './no-faults': /faults, but no function/,
    './no-abilities': /abilities, but no function/,
    './no-persons': /persons, but no list of them/,
  }
  for (const [name, message] of Object.entries(reasons)) {
    await assert.rejects(loadPlugin(name, folder), { name: 'PluginError', code: 'FG_PLUGIN_INVALID', message })
  }
})

test('a module that does not run is refused with its own words', async () => {
  await assert.rejects(loadPlugin('./throws', folder), { code: 'FG_PLUGIN_LOAD_FAILED', message: /not today/ })
})

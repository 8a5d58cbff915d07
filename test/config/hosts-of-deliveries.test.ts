import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPluginCatalogue } from '../../src/registry/catalogue.ts'
import { load } from './configuration-folder.ts'
import { SMALL } from './small-configuration.ts'

test('a process that delivers nothing need not know which hosts deliveries may ask; of sources it must', async () => {
  const files = {
    ...SMALL,
    'destinations.yaml': `
destinations:
  hook: { plugin: webhook, config: { url: "http://crm.internal/hook", secrets: ["\${HOOK_SECRET}"] } }
sources:
  prices: { plugin: http-source, config: { base_url: "http://prices.internal", queries: { all: { path: /all } } } }
`,
  }
  const plugins = createPluginCatalogue('.')
  const refused = async (secrets: 'sources' | 'placeholder') => {
    const { issues } = await load(files, {}, { plugins, secrets })
    return issues.filter(({ code }) => code === 'FG_CONFIG_URL').map(({ line }) => line)
  }
  assert.deepEqual(await refused('sources'), [5])
  assert.deepEqual(await refused('placeholder'), [3, 5])
})

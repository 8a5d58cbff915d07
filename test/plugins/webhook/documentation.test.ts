import assert from 'node:assert/strict'
import { test } from 'node:test'
import webhook from '../../../plugins/webhook/index.ts'
import webhookMessage from '../../../plugins/webhook/message.ts'
import { createPluginCatalogue } from '../../../src/registry/catalogue.ts'
import { load } from '../../config/configuration-folder.ts'
import { SMALL } from '../../config/small-configuration.ts'
import { readPage } from '../../docs/markdown.ts'
import { secretOf } from '../../stand-ins/webhook-receiver.ts'
import { pluginContext } from '../../support/plugin-context.ts'

const PAGES = [
  ['docs/plugins/webhook.md', 'events', webhook],
  ['docs/plugins/webhook-message.md', 'alerts', webhookMessage],
] as const

for (const [page, name, plugin] of PAGES) {
  const { text, blocks } = readPage(page)

  test(`${page} lists exactly the settings and the failure codes there are`, () => {
    const settings = [...text.matchAll(/^\| `([a-z]+)` \|/gmu)].map(([, setting]) => setting)
    assert.deepEqual(settings, Object.keys(JSON.parse(JSON.stringify(plugin.configSchema)).properties))
    const codes = [...text.matchAll(/^\| `(FG_[A-Z_]+)` \|/gmu)].map(([, code]) => code)
    assert.deepEqual(codes, Object.keys(plugin.failureCodes ?? {}))
  })

  test(`the example of ${page} is one that loads and works`, async () => {
    const block = (start: string) => blocks.find((each) => each.text.startsWith(start))?.text
    const mapping = block('# config/flows/')?.replaceAll('form.email', 'form.goal')
    const { 'flows/ask/tests.yaml': _tests, ...small } = SMALL
    const files = {
      ...small,
      'flowgate.yaml': '{}\n',
      'destinations.yaml': block('# config/destinations.yaml') ?? '',
      'flows/ask/mapping.yaml': mapping ?? `notifications: [{ id: tell, to: ${name}, title: "New: {form.name}" }]\n`,
    }
    const result = await load(files, { EVENTS_SECRET: secretOf(3) }, { plugins: createPluginCatalogue('.') })
    assert.deepEqual(
      result.issues.filter(({ severity }) => severity === 'error'),
      [],
    )
    assert.ok(result.ok)
    const config = result.configuration.destinations.get(name)?.config
    const { url = '', secrets = [] } = { ...config } as { readonly url?: string; readonly secrets?: readonly string[] }
    assert.deepEqual([url.startsWith('https://hooks.example.com/'), secrets], [true, [secretOf(3)]])
    await plugin.configure({ url, secrets }, pluginContext())
  })
}

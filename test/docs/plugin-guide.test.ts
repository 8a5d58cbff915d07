import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { checksFor, type StandInHandler, sourceConformanceChecks, startStandIn } from 'flowgate/plugin/testing'
import { startHubspotStandIn } from '../stand-ins/hubspot.ts'
import { pluginTypeErrors } from '../support/plugin-types.ts'
import { followPage } from './follow-page.ts'
import { readPage } from './markdown.ts'

const page = readPage('docs/plugins/writing-a-plugin.md')
const token = 'the-token-of-pager'

interface Posted {
  readonly ref: string
  readonly team: string
  readonly summary: string
}

/** The vendor that the guide tells of. */
async function startPager() {
  const pages: Posted[] = []
  const allowed =
    (handler: StandInHandler): StandInHandler =>
    (request) =>
      request.headers.authorization === `Bearer ${token}` ? handler(request) : { status: 401 }
  const standIn = await startStandIn({
    routes: {
      'GET /me': allowed(() => ({ status: 200, body: { name: 'Acme on call' } })),
      'GET /pages': allowed(({ query }) => ({
        status: 200,
        body: pages.flatMap(({ ref }, index) => (ref === query.get('ref') ? [{ id: `P${index}` }] : [])),
      })),
      'POST /pages': allowed(({ body }) => ({ status: 201, body: { id: `P${pages.push(body as Posted) - 1}` } })),
    },
  })
  return { standIn, pages, [Symbol.asyncDispose]: () => standIn.close() }
}

test('the plugin of the guide passes the kit, type-checks, is configured and tried, as the guide is printed', async () => {
  await using pager = await startPager()
  await using hubspot = await startHubspotStandIn({ token: 'any' })
  const env = {
    HUBSPOT_ACCESS_TOKEN: 'any',
    HUBSPOT_BASE_URL: hubspot.url,
    SLACK_BOT_TOKEN: 'any',
    PAGER_URL: pager.standIn.url,
    PAGER_TOKEN: token,
    FLOWGATE_ALLOW_HOSTS: '127.0.0.1',
  }
  const { files, ran, output } = await followPage(page, env, async (folder) => {
    assert.equal(await pluginTypeErrors(join(folder, 'config')), '')
  })
  assert.deepEqual([files, ran], [5, 4])
  assert.match(output, /Acme on call/)
  assert.match(output, /it stayed one/)
  assert.deepEqual(
    pager.pages.map(({ team }) => team),
    ['vip-desk'],
  )
})

test('the guide counts the checks of the kit as they are', () => {
  const [checks = ''] = /`flowgate\/plugin\/testing` has .* for sources/.exec(page.text) ?? []
  assert.deepEqual(checks.match(/\d+/g)?.map(Number), [
    checksFor('crm').length,
    checksFor('notification').length,
    sourceConformanceChecks.length,
  ])
})

test('the guide names everything that a plugin may have and be lent', () => {
  const source = readPage('src/plugin/definition.ts').text + readPage('src/plugin/delivery.ts').text
  const interfaces = ['PluginContext', 'PluginDefinition', 'Crm', 'Call', 'CrmRecord', 'Message']
  for (const name of interfaces) {
    const [, body = ''] =
      new RegExp(`^export interface ${name}\\b[^\\n]*\\{\\n([\\s\\S]*?)^\\}`, 'm').exec(source) ?? []
    const members = [...body.matchAll(/^ {2}(?:readonly )?(\w+)[?(:<]/gm)].map(([, member = '']) => member)
    assert.ok(members.length >= 4, name)
    const missing = members.filter((member) => !new RegExp(`^\\|[^|]*\`${member}\\b`, 'm').test(page.text))
    assert.deepEqual(missing, [], name)
  }
})

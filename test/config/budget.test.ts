import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PluginCatalogue } from '../../src/config/plugin-catalogue.ts'
import { catalogue, load, places } from './configuration-folder.ts'
import { SMALL } from './small-configuration.ts'

/** The CRM counts requests, and `looks` finds records in a CRM. */
const plugins: PluginCatalogue = {
  urlFault: () => undefined,
  names: () => [...catalogue.names(), 'looks'],
  async describe(plugin) {
    if (plugin === 'looks') {
      const properties = { in: { type: 'object', properties: { crm: { type: 'string', format: 'crm-destination' } } } }
      return { kind: 'source', configSchema: { type: 'object', properties } }
    }
    const described = await catalogue.describe(plugin)
    if (described === undefined || plugin !== 'crm') return described
    const limits = { all: { requests: 100, perSeconds: 10 }, search: { requests: 5, perSeconds: 1 } }
    return { ...described, budgets: ({ token }) => ({ account: String(token), limits }) }
  },
}

const budgetOf = (budget: string, name: 'main' | 'team' = 'main') => {
  const line = name === 'main' ? '    config: { token: secret }\n' : '    config: { token: xoxb-1 }\n'
  const file = SMALL['destinations.yaml'].replace(line, `${line}    budget: ${budget}\n`)
  return load({ ...SMALL, 'destinations.yaml': file }, {}, { plugins })
}

test('an operator writes limits in place of those of the plugin', async () => {
  const result = await budgetOf('{ all: 190/10s, search: unlimited }')
  assert.deepEqual(places(result), [])
  assert.ok(result.ok)
  assert.deepEqual(
    [...(result.configuration.destinations.get('main')?.budget ?? [])],
    [
      ['all', { requests: 190, perSeconds: 10 }],
      ['search', 'unlimited'],
    ],
  )
  assert.equal(result.configuration.destinations.get('team')?.budget, undefined)
  const brief = await budgetOf('{ all: 5/s, search: 100000/24h }')
  assert.ok(brief.ok)
  assert.deepEqual(
    [...(brief.configuration.destinations.get('main')?.budget?.values() ?? [])],
    [
      { requests: 5, perSeconds: 1 },
      { requests: 100_000, perSeconds: 86_400 },
    ],
  )
})

test('a limit that cannot be read, and a class that the plugin does not count, are mistakes with their place', async () => {
  for (const limit of ['190', '0/10s', '5/0s', '5/10', '5/2d', '-1/s', 'off', '5 / s', '12345678/s']) {
    const result = await budgetOf(`{ all: "${limit}" }`)
    assert.deepEqual(places(result), ['destinations.yaml:5:20 error FG_CONFIG_BUDGET'], limit)
  }
  const slip = await budgetOf('{ serach: 4/s }')
  assert.deepEqual(places(slip), ['destinations.yaml:5:15 error FG_CONFIG_BUDGET_CLASS'])
  assert.match(slip.issues[0]?.message ?? '', /no requests of the class `serach`: did you mean `search`\?/)
  assert.match((await budgetOf('{ daily: 4/s }')).issues[0]?.message ?? '', /there is all, search$/)
  const none = await budgetOf('{ all: 4/s }', 'team')
  assert.match(none.issues[0]?.message ?? '', /it limits nothing/)
})

test('without the secret that an account is known by, its classes are known all the same', async () => {
  const text = SMALL['destinations.yaml'].replace(
    '{ token: secret }',
    `{ token: "\${TOKEN}" }\n    budget: { al: 4/s }`,
  )
  const result = await load({ ...SMALL, 'destinations.yaml': text }, {}, { plugins, secrets: 'placeholder' })
  assert.deepEqual(places(result), ['destinations.yaml:5:15 error FG_CONFIG_BUDGET_CLASS'])
})

test('the CRM that a source looks records up in is a destination that takes records', async () => {
  const looking = (crm: string, env = {}) => {
    const text = `${SMALL['destinations.yaml']}sources:\n  people:\n    plugin: looks\n    config: { in: { crm: "${crm}" } }\n`
    return load({ ...SMALL, 'destinations.yaml': text }, env, { plugins, secrets: 'placeholder' })
  }
  assert.deepEqual(places(await looking('main')), [])
  assert.deepEqual(places(await looking(`\${CRM}`)), [], 'what is not known yet')
  assert.deepEqual(places(await looking(`\${CRM}`, { CRM: 'team' })), [
    'destinations.yaml:11:26 error FG_CONFIG_DESTINATION_KIND',
  ])
  const slip = await looking('mian')
  assert.deepEqual(places(slip), ['destinations.yaml:11:26 error FG_CONFIG_DESTINATION_UNKNOWN'])
  assert.match(slip.issues[0]?.message ?? '', /did you mean `main`/)
})

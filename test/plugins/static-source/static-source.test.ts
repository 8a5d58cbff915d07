import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import plugin from '../../../plugins/static-source/index.ts'
import { pluginContext } from '../../support/plugin-context.ts'

const lists = {
  departments: [
    { id: 'sales', title: 'Sales', floor: 2, city: 'Recife' },
    { id: 'support', title: 'Support', floor: 2, city: 'Olinda', open: true },
    { id: 'lab', title: 'Lab', floor: 10, city: 'Recife', hours: { from: 9 } },
  ],
  closed: [],
}
const call = {
  signal: new AbortController().signal,
  idempotencyKey: 'question.departments',
  attempt: 1,
  uncertain: false,
  resend: false,
}

const source = await plugin.configure({ lists }, pluginContext())

async function idsOf(parameters: Parameters<typeof source.read>[1]): Promise<readonly unknown[]> {
  const found = await source.read('departments', parameters, call)
  assert.ok(Array.isArray(found))
  return found.map(({ id }) => id)
}

test('A list is answered whole and in its order, or the items whose keys have the values asked for', async () => {
  assert.deepEqual(await source.read('departments', {}, call), lists.departments)
  assert.deepEqual(await idsOf({ city: 'Recife' }), ['sales', 'lab'])
  assert.deepEqual(await idsOf({ city: 'Recife', floor: '10' }), ['lab'])
})

test('Values are compared as text: what a person typed finds numbers and true, and letter case counts', async () => {
  assert.deepEqual(await idsOf({ floor: '2' }), ['sales', 'support'])
  assert.deepEqual(await idsOf({ floor: 2 }), ['sales', 'support'])
  assert.deepEqual(await idsOf({ open: 'true' }), ['support'])
  assert.deepEqual(await idsOf({ hours: { from: 9 } }), ['lab'])
  assert.deepEqual(await idsOf({ city: 'recife' }), [])
})

test('What no item has finds nothing', async () => {
  assert.deepEqual(await idsOf({ city: 'Natal' }), [])
  assert.deepEqual(await idsOf({ manager: 'null' }), [])
  assert.deepEqual(await idsOf({ toString: 'x' }), [])
  assert.deepEqual(await source.read('closed', {}, call), [])
})

test('An unknown list is a failure of that question alone, and says which lists there are', async () => {
  for (const name of ['department', 'constructor']) {
    await assert.rejects(
      source.read(name, {}, call),
      (error: Error & { failure?: { scope?: string; code?: string } }) => {
        assert.equal(error.failure?.scope, 'record')
        assert.equal(error.failure?.code, 'FG_STATIC_LIST_UNKNOWN')
        assert.match(error.message, /departments, closed/)
        return true
      },
    )
  }
})

test('Each list is a query that may be asked by any key of its items', async () => {
  assert.deepEqual(await plugin.queries?.({ lists }, pluginContext()), [
    {
      name: 'departments',
      parameters: [],
      optional: ['city', 'floor', 'hours', 'id', 'open', 'title'],
      purpose: 'read',
    },
    { name: 'closed', parameters: [], optional: [], purpose: 'read' },
  ])
})

test('Its health says how much there is, and closing it twice is harmless', async () => {
  assert.deepEqual(await source.health(call), { ok: true, account: '2 lists' })
  await source.close()
  await source.close()
  assert.equal(plugin.classify(new Error('x')), undefined)
})

test('Its settings are lists of objects', () => {
  const accepts = new Ajv2020({ strict: false }).compile(plugin.configSchema)
  assert.equal(accepts({ lists }), true)
  for (const wrong of [{}, { lists: {} }, { lists: { a: 'b' } }, { lists: { a: ['b'] } }, { lists, file: 'x' }]) {
    assert.equal(accepts(wrong), false, JSON.stringify(wrong))
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { load } from './configuration-folder.ts'
import { SMALL } from './small-configuration.ts'

test('a right configuration loads without a word and is compiled whole', async () => {
  const result = await load(SMALL)
  assert.deepEqual(result.issues, [])
  assert.ok(result.ok)
  const { flows, destinations, alertsTo } = result.configuration
  assert.equal(alertsTo, 'team')
  assert.deepEqual(
    [...destinations.values()],
    [
      {
        name: 'main',
        plugin: 'crm',
        config: { token: 'secret' },
        atOnce: 4,
        answerWithinMs: 10_000,
        onUnknown: 'hold',
      },
      {
        name: 'team',
        plugin: 'chat',
        config: { token: 'xoxb-1', channel: 'general' },
        atOnce: 4,
        answerWithinMs: 10_000,
        onUnknown: 'hold',
      },
    ],
  )
  const ask = flows.get('ask')
  assert.equal(ask?.flow.firstScreen, 'ASK')
  assert.deepEqual(
    ask?.mapping?.records.map(({ id }) => id),
    ['person'],
  )
  assert.equal(ask?.tests.length, 1)
})

test('mapping, tests, destinations and settings may be left out', async () => {
  const { 'flows/ask/flow.json': flowJson, 'flows/ask/flow.yaml': flow } = SMALL
  const result = await load({ 'flows/ask/flow.json': flowJson, 'flows/ask/flow.yaml': flow })
  assert.ok(result.ok)
  assert.equal(result.configuration.flows.get('ask')?.mapping, undefined)
  assert.equal(result.configuration.alertsTo, undefined)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from '../../src/analytics/metrics.ts'
import type { ReadyCheck } from '../../src/receive/options.ts'
import { type Edge, startEdge } from './edge.ts'
import { seal, send, sendRaw } from './meta.ts'

async function get(edge: Edge, path: string): Promise<{ status: number; body: string }> {
  return await send(edge.url + path, { method: 'GET', headers: { 'content-type': undefined } })
}

test('A process is ready when every check holds, and otherwise names those that do not', async () => {
  const holds = { database: true, configuration: true, keys: true }
  const ready = new Map<string, ReadyCheck>([
    ['database', async () => holds.database],
    ['configuration', () => holds.configuration],
    ['keys', () => holds.keys],
  ])
  await using edge = await startEdge({ ready })
  assert.equal((await get(edge, '/readyz')).status, 200)
  assert.equal((await get(edge, '/health')).status, 200)
  holds.database = false
  holds.keys = false
  const answer = await get(edge, '/readyz')
  assert.equal(answer.status, 503)
  assert.deepEqual(JSON.parse(answer.body).not_ready, ['database', 'keys'])
  const health = await get(edge, '/health')
  assert.equal(health.status, 503)
  assert.deepEqual(JSON.parse(health.body).checks, { database: false, configuration: true, keys: false })
  assert.equal((await get(edge, '/livez')).status, 200)
})

test('A check that throws or hangs counts as no', async () => {
  const ready = new Map([
    ['throws', async (): Promise<boolean> => Promise.reject(new Error('no route to host'))],
    ['hangs', () => new Promise<boolean>(() => {})],
  ])
  await using edge = await startEdge({ ready })
  const answer = await get(edge, '/readyz')
  assert.equal(answer.status, 503)
  assert.deepEqual(JSON.parse(answer.body).not_ready, ['throws', 'hangs'])
  assert.equal(edge.lines.filter(({ event }) => event === 'ready_check.failed').length, 1)
})

test('Askers at the same moment share one round of checks', async () => {
  let asked = 0
  const check = async () => {
    asked += 1
    await new Promise(setImmediate)
    return true
  }
  await using edge = await startEdge({ ready: new Map([['database', check]]) })
  const ask = (more: string) => `GET /readyz HTTP/1.1\r\nhost: x\r\n${more}\r\n`
  const answers = await sendRaw(edge.url, ask('').repeat(19) + ask('connection: close\r\n'))
  assert.equal(answers.match(/HTTP\/1\.1 200 /g)?.length, 20)
  assert.ok(asked < 20, `${asked} rounds`)
})

test('/metrics counts exchanges by flow, action and outcome, and the key that opened them', async () => {
  await using edge = await startEdge()
  await send(edge.flowUrl, { body: seal({ action: 'ping' }).body })
  await send(edge.flowUrl, { body: seal({ action: 'INIT', flow_token: 't' }).body })
  await send(edge.flowUrl, { body: seal({ action: 'data_exchange', data: { error: 'some-key' } }).body })
  await send(edge.flowUrl, { body: '{}', headers: { 'x-hub-signature-256': undefined } })
  const { status, body } = await get(edge, '/metrics')
  assert.equal(status, 200)
  assert.match(body, /flowgate_exchanges_total\{flow="lead",action="ping",outcome="answered"\} 1/)
  assert.match(body, /flowgate_exchanges_total\{flow="lead",action="INIT",outcome="answered"\} 1/)
  assert.match(body, /flowgate_exchanges_total\{flow="lead",action="error_notification",outcome="acknowledged"\} 1/)
  assert.match(body, /flowgate_exchange_seconds_count\{flow="lead"\} 3/)
  assert.match(body, /flowgate_envelopes_opened_total\{key="40aa776de110"\} 3/)
  assert.match(body, /flowgate_signature_failures_total 1/)
})

test('The figures of Node itself are there where asked for', async () => {
  assert.match(await createMetrics({ process: true }).registry.metrics(), /process_resident_memory_bytes/)
  assert.doesNotMatch(await createMetrics().registry.metrics(), /process_resident_memory_bytes/)
})

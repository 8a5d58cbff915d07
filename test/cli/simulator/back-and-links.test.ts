import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'yaml'
import { createAnswerCheck } from '../../../src/cli/simulator/answer-check.ts'
import type { Device } from '../../../src/cli/simulator/device.ts'
import { readFlowOnPhone } from '../../../src/cli/simulator/flow-on-phone.ts'
import { planFromSteps } from '../../../src/cli/simulator/plan.ts'
import { type PathName, simulate } from '../../../src/cli/simulator/simulate.ts'
import type { FlowTest } from '../../../src/config/schema/tests.ts'
import type { Json, JsonObject } from '../../../src/plugin/json.ts'

const form = (name: string): string => `\${form.${name}}`
const text = { type: 'string', __example__: '' }
const asks = (payload: JsonObject): JsonObject => ({ name: 'data_exchange', payload })
const link = (to: string, payload: JsonObject): JsonObject => ({
  type: 'EmbeddedLink',
  text: to,
  'on-click-action': { name: 'navigate', next: { type: 'screen', name: to }, payload },
})
const screen = (id: string, data: JsonObject, children: readonly Json[]): JsonObject => ({
  id,
  data,
  layout: { children },
})

/** START has two links and no button, BOOK a selection beside inputs that nothing fills in again, LAST declares the snackbar. */
const flow = readFlowOnPhone({
  data_api_version: '3.0',
  routing_model: { START: ['ELSEWHERE', 'BOOK'], ELSEWHERE: [], BOOK: ['LAST'], LAST: [] },
  screens: [
    screen('START', {}, [link('ELSEWHERE', {}), link('BOOK', { topic: 'visit' })]),
    screen('ELSEWHERE', {}, []),
    screen('BOOK', { topic: text }, [
      {
        type: 'DatePicker',
        name: 'picked',
        'on-select-action': asks({ trigger: 'day', day: form('picked'), topic: `\${data.topic}` }),
      },
      { type: 'TextInput', name: 'who' },
      { type: 'Footer', 'on-click-action': asks({ day: form('picked'), who: form('who'), topic: `\${data.topic}` }) },
    ]),
    screen('LAST', { error_message: text }, [{ type: 'Footer', 'on-click-action': asks({}) }]),
  ],
})

const steps: FlowTest['steps'] = parse(`
- { screen: START, then: BOOK }
- { screen: BOOK, select: { day: "2026-05-04" }, then: BOOK }
- { screen: BOOK, fill: { who: Ana }, then: LAST }
- { screen: LAST, then: submitted }
`)

/** Plays the steps on one path; what was sent, and what was found wrong. */
async function play(path: PathName) {
  const sent: JsonObject[] = []
  const device: Device = {
    async exchange(payload) {
      sent.push(payload)
      return { status: 200, answer: answerTo(payload), fault: undefined, ms: 1 }
    },
  }
  const verdicts = await simulate({
    device,
    flow,
    walks: [{ title: 'Ana', plan: () => planFromSteps(steps) }],
    paths: [path],
  })
  return { sent, findings: verdicts.flatMap(({ findings }) => findings) }
}

function answerTo(request: JsonObject): JsonObject {
  const data = request['data'] as JsonObject
  if (request['action'] === 'INIT') return { screen: 'START', data: {} }
  if (request['screen'] === 'LAST') {
    const params = { flow_token: request['flow_token'] ?? '' }
    return { screen: 'SUCCESS', data: { extension_message_response: { params } } }
  }
  const whole = data['day'] !== undefined && data['who'] !== undefined
  return whole ? { screen: 'LAST', data: { error_message: '' } } : { screen: 'BOOK', data: { topic: '' } }
}

test('of several links the one that leads to the next screen is followed, with what it hands on', async () => {
  const { sent, findings } = await play('happy')
  assert.deepEqual(findings, [])
  assert.deepEqual(sent.map(({ screen: on, data }) => [on, data]).slice(0, 3), [
    ['', {}],
    ['BOOK', { trigger: 'day', day: '2026-05-04', topic: 'visit' }],
    ['BOOK', { day: '2026-05-04', who: 'Ana', topic: '' }],
  ])
})

test('who goes back on the phone and comes forward again still has in the inputs what was selected', async () => {
  const { sent, findings } = await play('back')
  assert.deepEqual(findings, [])
  const pressed = sent.filter(({ data }) => (data as JsonObject)['who'] === 'Ana').map(({ data }) => data)
  assert.deepEqual(pressed, [
    { day: '2026-05-04', who: 'Ana', topic: '' },
    { day: '2026-05-04', who: 'Ana', topic: '' },
  ])
})

test('a snackbar may come to every screen, is text, and is missed where it is declared', () => {
  const check = createAnswerCheck(flow)
  const found = (on: string, data: JsonObject) =>
    check({ screen: on, data }, { action: 'data_exchange', screen: on, token: 't' }).map(({ kind }) => kind)
  assert.deepEqual(found('BOOK', { topic: '', error_message: 'No.' }), [])
  assert.deepEqual(found('BOOK', { topic: '', error_message: 5 }), ['mistyped-key'])
  assert.deepEqual(found('LAST', { error_message: 'No.' }), [])
  assert.deepEqual(found('LAST', {}), ['missing-key'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDevice } from '../../../src/cli/simulator/device.ts'
import { readFlowOnPhone } from '../../../src/cli/simulator/flow-on-phone.ts'
import { planFromAnswers } from '../../../src/cli/simulator/plan.ts'
import { simulate } from '../../../src/cli/simulator/simulate.ts'
import { summarise } from '../../../src/cli/simulator/summary.ts'
import { transcript } from '../../../src/cli/simulator/transcript.ts'
import { appSecret, publicKey, startTinyGateway, tinyFlowJson } from './tiny-gateway.ts'

const reference = (path: string) => `$\{${path}}`

/** The tiny flow, whose first screen leads on by itself and whose last completes on the phone. */
function selfWalkingFlow() {
  const flowJson = structuredClone(tinyFlowJson) as { screens: Record<string, unknown>[] }
  const footer = (action: object) => ({ type: 'Footer', label: 'On', 'on-click-action': action })
  const name = { type: 'TextInput', name: 'full_name', 'input-type': 'text' }
  const [contact, size, details] = flowJson.screens
  const alone = {
    name: 'navigate',
    next: { type: 'screen', name: 'SIZE' },
    payload: { who: reference('form.full_name') },
  }
  Object.assign(contact ?? {}, { layout: { children: [name, footer(alone)] } })
  const employees = { type: 'TextInput', name: 'employees', 'input-type': 'number' }
  const payload = { employees: reference('form.employees'), who: reference('data.who'), source: 'chat' }
  const asking = footer({ name: 'data_exchange', payload })
  Object.assign(size ?? {}, { data: { who: { type: 'string' } }, layout: { children: [employees, asking] } })
  const shown = { type: 'If', condition: 'x', else: [footer({ name: 'complete', payload: {} })] }
  Object.assign(details ?? {}, { refresh_on_back: false, layout: { children: [shown] } })
  return readFlowOnPhone(flowJson)
}

test('screens that lead on by themselves send nothing, and what they carry comes with the next that asks', async () => {
  await using gateway = await startTinyGateway()
  const device = createDevice({ url: gateway.url, publicKey, appSecret })
  const plan = () => planFromAnswers({ CONTACT: { who: 'Ana' }, SIZE: { employees: 120 } }, {}, new Date(0))
  const walks = [{ title: 'on the phone', plan }]
  const verdicts = await simulate({ device, flow: selfWalkingFlow(), walks, paths: ['happy', 'back'] })
  assert.deepEqual(
    verdicts.flatMap(({ findings }) => findings),
    [],
  )
  const asked = { employees: '120', who: 'Ana', source: 'chat' }
  assert.deepEqual(
    gateway.seen.map(({ action, screen, data }) => ({ action, screen, data })),
    [
      { action: 'INIT', screen: '', data: {} },
      { action: 'data_exchange', screen: 'SIZE', data: asked },
      // Once more, and again after going back on the phone alone.
      { action: 'INIT', screen: '', data: {} },
      { action: 'data_exchange', screen: 'SIZE', data: asked },
      { action: 'data_exchange', screen: 'SIZE', data: asked },
    ],
  )
  const told = verdicts.map(transcript).join('\n')
  assert.match(told, /· CONTACT leads to SIZE without asking the gateway/)
  assert.match(told, /· completed on the phone; the answers come by the webhook/)
  assert.match(told, /· back to SIZE without asking the gateway\n {2}· and forward again from SIZE/)
})

test('a Flow JSON without screens is refused in a sentence', () => {
  for (const value of [null, {}, { screens: [] }, 'text']) {
    assert.throws(() => readFlowOnPhone(value), /the Flow JSON has no screens/)
  }
})

test('a summary shows short values, counts lists and cuts what is long', () => {
  assert.equal(summarise({ name: 'Ana', size: 3, tags: ['a', 'b'] }), 'name="Ana"  size=3  tags=["a", "b"]')
  assert.equal(
    summarise({ slots: [{ id: 1 }, { id: 2 }], image: 'x'.repeat(99) }),
    `slots[2]  image="${'x'.repeat(39)}…"`,
  )
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, index]))
  assert.match(summarise(many), / {2}k7=7 {2}and 3 more$/)
  assert.match(summarise({ nested: { text: 'y'.repeat(30), more: 'z'.repeat(60) } }), /^nested\{2 keys\}$/)
})

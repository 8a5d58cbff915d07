import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'yaml'
import { createDevice, NoAnswer } from '../../../src/cli/simulator/device.ts'
import type { FindingKind } from '../../../src/cli/simulator/finding.ts'
import { readFlowOnPhone } from '../../../src/cli/simulator/flow-on-phone.ts'
import { planFromAnswers, planFromSteps } from '../../../src/cli/simulator/plan.ts'
import { PATHS, type PathName, simulate } from '../../../src/cli/simulator/simulate.ts'
import { transcript } from '../../../src/cli/simulator/transcript.ts'
import type { FlowTest } from '../../../src/config/schema/tests.ts'
import { appSecret, type Bug, publicKey, startTinyGateway, tinyFlowJson } from './tiny-gateway.ts'

const flow = readFlowOnPhone(tinyFlowJson)

/** Steps as an operator writes them. */
function stepsFrom(yaml: string): FlowTest['steps'] {
  return parse(yaml)
}

const steps = stepsFrom(`
- { screen: CONTACT, fill: { full_name: Ana, email: ana@example.com }, then: DETAILS }
- { screen: DETAILS, fill: { slot: nine }, then: submitted }
`)

async function play(bug: Bug | undefined, paths: readonly PathName[], played: FlowTest['steps'] = steps) {
  await using gateway = await startTinyGateway(bug)
  const device = createDevice({ url: gateway.url, publicKey, appSecret })
  const walks = [{ title: 'Ana asks for nine', plan: () => planFromSteps(played) }]
  const verdicts = await simulate({ device, flow, walks, paths })
  const findings = verdicts.flatMap((verdict) => verdict.findings)
  return { verdicts, findings, kinds: [...new Set(findings.map(({ kind }) => kind))], seen: gateway.seen }
}

test('a gateway without a bug passes every path', async () => {
  const { verdicts, findings } = await play(undefined, PATHS)
  assert.deepEqual(findings, [])
  assert.deepEqual([...new Set(verdicts.map(({ check }) => check))], [...PATHS])
})

const planted: readonly [Bug, PathName, FindingKind, RegExp][] = [
  ['undeclared-key', 'happy', 'undeclared-key', /DETAILS.*"colour"/],
  ['missing-key', 'happy', 'missing-key', /DETAILS.*"count"/],
  ['mistyped-key', 'happy', 'mistyped-key', /DETAILS.*"slots\.0\.id"/],
  ['unreachable-screen', 'happy', 'unreachable-screen', /CONTACT and ISLAND/],
  ['unknown-screen', 'happy', 'unknown-screen', /NOWHERE/],
  ['late-entry', 'happy', 'not-entry-screen', /SIZE.*CONTACT/],
  ['wrong-iv', 'happy', 'unopened', /IV of the request/],
  ['json-answer', 'happy', 'unopened', /base64/],
  ['missing-flow-token', 'happy', 'missing-flow-token', /flow_token/],
  ['back-stays', 'back', 'other-screen', /BACK from DETAILS.*came from CONTACT/],
  ['taps-differ', 'double-tap', 'different-answers', /CONTACT: two taps/],
  ['lax-signature', 'bad-signature', 'http-status', /200.*432/],
  ['crash-on-tamper', 'tamper', 'http-status', /500.*421/],
  ['crash-on-tamper', 'wrong-key', 'http-status', /500.*421/],
  ['no-ping', 'ping', 'shape', /status = active/],
]

for (const [bug, path, kind, message] of planted) {
  test(`the planted bug "${bug}" is named on the path ${path}`, async () => {
    const { findings, kinds } = await play(bug, [path])
    assert.ok(kinds.includes(kind), `found ${kinds.join(', ') || 'nothing'}`)
    assert.match(findings.find((finding) => finding.kind === kind)?.message ?? '', message)
  })
}

test('the phone sends what the Flow JSON tells it to: typed text, shown data, earlier screens', async () => {
  const { seen } = await play(undefined, ['happy'])
  const sent = seen.map(({ action, screen, data, version }) => ({ action, screen, data, version }))
  assert.deepEqual(sent, [
    { action: 'INIT', screen: '', data: {}, version: '4.0' },
    {
      action: 'data_exchange',
      screen: 'CONTACT',
      data: { full_name: 'Ana', email: 'ana@example.com', greeted: 'Hello' },
      version: '4.0',
    },
    { action: 'data_exchange', screen: 'DETAILS', data: { slot: 'nine', name: 'Ana' }, version: '4.0' },
  ])
})

test('a step that expects another screen than the gateway shows is a finding', async () => {
  const { findings } = await play(
    undefined,
    ['happy'],
    stepsFrom('[{ screen: CONTACT, fill: { full_name: Ana }, then: SIZE }]'),
  )
  assert.deepEqual(findings, [
    { kind: 'other-screen', message: 'CONTACT was expected to lead to SIZE and led to DETAILS' },
  ])
})

test('a refusal that the plan expects is no finding, and the walk goes on', async () => {
  const { findings, verdicts } = await play(
    undefined,
    ['happy'],
    [...stepsFrom('[{ screen: CONTACT, fill: {}, then: CONTACT }]'), ...steps],
  )
  assert.deepEqual(findings, [])
  assert.match(verdicts.map(transcript).join(), /Your name, please/)
})

test('an answer that no input of the screen can give is a finding', async () => {
  const { findings } = await play(
    undefined,
    ['happy'],
    stepsFrom('[{ screen: CONTACT, fill: { full_name: Ana, shoe_size: 38 }, then: DETAILS }]'),
  )
  assert.deepEqual(
    findings.map(({ kind }) => kind),
    ['not-sent'],
  )
  assert.match(findings[0]?.message ?? '', /shoe_size/)
})

test('invented answers walk the whole form, and choices come from the data the screen shows', async () => {
  await using gateway = await startTinyGateway()
  const device = createDevice({ url: gateway.url, publicKey, appSecret })
  const plan = () => planFromAnswers({ CONTACT: { full_name: 'Bia' } }, {}, new Date('2026-03-01T00:00:00Z'))
  const verdicts = await simulate({ device, flow, walks: [{ title: 'invented', plan }], paths: ['happy'] })
  assert.deepEqual(verdicts[0]?.findings, [])
  const last = gateway.seen.at(-1)
  assert.deepEqual(last?.['data'], { slot: 'nine', name: 'Bia' })
})

test('each walk has a token of its own, and a given one is used as it is', async () => {
  await using gateway = await startTinyGateway()
  const device = createDevice({ url: gateway.url, publicKey, appSecret })
  const walks = [1, 2].map((n) => ({ title: `walk ${n}`, plan: () => planFromSteps(steps) }))
  await simulate({ device, flow, walks, paths: ['happy'] })
  assert.equal(new Set(gateway.seen.map((payload) => payload['flow_token'])).size, 2)
  gateway.seen.length = 0
  await simulate({ device, flow, walks, paths: ['happy'], tokenFor: async () => 'given' })
  assert.deepEqual([...new Set(gateway.seen.map((payload) => payload['flow_token']))], ['given'])
})

test('where nothing listens the simulation rejects with a sentence that names the address', async () => {
  const gateway = await startTinyGateway()
  await gateway[Symbol.asyncDispose]()
  const device = createDevice({ url: gateway.url, publicKey, appSecret })
  await assert.rejects(simulate({ device, flow, walks: [], paths: ['ping'] }), (error: unknown) => {
    assert.ok(error instanceof NoAnswer)
    assert.match(error.message, /\/flows\/tiny: no answer \(ECONNREFUSED\)/)
    return true
  })
})

test('an answer that comes too late is a finding, not a crash', async () => {
  await using gateway = await startTinyGateway()
  const device = createDevice({ url: gateway.url, publicKey, appSecret, answerWithinMs: 0 })
  const verdicts = await simulate({
    device,
    flow,
    walks: [{ title: 'late', plan: () => planFromSteps(steps) }],
    paths: ['ping', 'happy'],
  })
  assert.deepEqual(
    verdicts.flatMap(({ findings }) => findings.map(({ kind }) => kind)),
    ['no-answer', 'no-answer'],
  )
})

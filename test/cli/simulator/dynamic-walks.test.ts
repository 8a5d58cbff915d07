import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Device } from '../../../src/cli/simulator/device.ts'
import { type Playbook, readPlaybook } from '../../../src/cli/simulator/playbook.ts'
import { type PathName, simulate } from '../../../src/cli/simulator/simulate.ts'
import { transcript } from '../../../src/cli/simulator/transcript.ts'
import { tokenInVariant } from '../../../src/cli/simulator/variant-token.ts'
import { systemClock } from '../../../src/clock.ts'
import { loadConfiguration } from '../../../src/config/load.ts'
import type { Asking } from '../../../src/flow/asking.ts'
import { personKey } from '../../../src/flow/person-key.ts'
import { variantOf } from '../../../src/flow/variant.ts'
import type { JsonObject } from '../../../src/plugin/json.ts'
import { createPluginCatalogue } from '../../../src/registry/catalogue.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type GatewayCore, startGatewayCore } from '../../support/gateway-core.ts'
import { olderVersion, visitConfiguration } from '../visit-configuration.ts'

/** What the calendar of the running gateway has: other times than the tests of the flow speak of. */
const FREE = [{ id: 'noon', title: '12:00' }]
const DEPARTMENTS = [
  { id: 'sales', title: 'Sales' },
  { id: 'help', title: 'Help' },
]

const asking: Asking = {
  ask: async ({ query }) => ({ kind: 'answered', value: query === 'departments' ? DEPARTMENTS : FREE }),
  reserve: async () => ({ kind: 'held', value: true }),
}

let database: TestDatabase
let core: GatewayCore

before(async () => {
  const folder = visitConfiguration()
  const loaded = await loadConfiguration(folder, {}, { plugins: createPluginCatalogue(folder), secrets: 'placeholder' })
  const configured = loaded.ok ? loaded.configuration.flows.get('visit') : undefined
  assert.ok(configured, JSON.stringify(loaded.issues))
  database = await testDatabase()
  const { flow, mapping } = configured
  core = await startGatewayCore({
    url: database.url,
    clock: systemClock,
    flow,
    ...(mapping === undefined ? {} : { mapping }),
    asking: () => asking,
  })
})

after(async () => {
  await core[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

/** A phone in front of a real gateway on a real database; `change` is a bug in between. */
function device(change: (answer: JsonObject, payload: JsonObject) => JsonObject = (answer) => answer): Device {
  return {
    async exchange(payload) {
      const { status, plaintext } = await core.ask(payload)
      return { status, answer: change(plaintext as JsonObject, payload), fault: undefined, ms: 1 }
    },
  }
}

function playbook(testsYaml: string): Playbook {
  return readPlaybook(join(visitConfiguration({ 'flows/visit/tests.yaml': testsYaml }), 'flows'), 'visit', {})
}

const STEPS = `
      - { screen: START, select: { department: sales }, then: START }
      - { screen: START, fill: { slot: nine }, then: WHO }
      - { screen: WHO, fill: { name: Ana, agrees: true }, then: DONE }
      - { screen: DONE, then: submitted }
`

async function play(testsYaml: string, paths: readonly PathName[], between?: Parameters<typeof device>[0]) {
  const verdicts = await simulate({ device: device(between), ...playbook(testsYaml), paths })
  const findings = verdicts.flatMap((verdict) => verdict.findings.map(({ kind, message }) => `${kind}: ${message}`))
  return { verdicts, findings, told: verdicts.map(transcript).join('\n') }
}

describe('a walk of a flow that asks its sources', () => {
  test('selects, chooses what is offered instead of what is not, and closes the screen of thanks', async () => {
    const { findings, told } = await play(`tests:\n  - name: a visit\n    steps:${STEPS}`, ['happy', 'double-tap'])
    assert.deepEqual(findings, [])
    assert.match(told, /→ START {2}trigger="department" {2}department="sales"/)
    assert.match(
      told,
      /· slot: nine is not offered here, so "noon" is chosen\n.*→ START .*slot="noon".*flow_version="1"/,
    )
    assert.match(told, /← DONE .*\n.*· completed on the phone/)
  })

  test('goes back from every screen with one behind it, asking only where the screen says so', async () => {
    const { findings, told } = await play(`tests:\n  - name: a visit\n    steps:${STEPS}`, ['back'])
    assert.deepEqual(findings, [])
    assert.match(told, /→ BACK WHO\n.*← START .*\n.*· and forward again from START\n.*→ START .*slot="noon"/)
    assert.match(told, /· back to WHO without asking the gateway\n.*· and forward again from WHO\n.*→ WHO .*\n.*← DONE/)
  })

  test('is left half-way, finds the form filled in, and goes on where it was by the rule that resumes', async () => {
    const { findings, told } = await play(`tests:\n  - name: a visit\n    steps:${STEPS}`, ['resume'])
    assert.deepEqual(findings, [])
    assert.match(told, /· left at WHO, .*\n.*→ INIT\n.*\n.*→ START {2}go="resume" .*slot="noon"\n.*← WHO/)
    assert.match(told, /← DONE/)
  })

  test('steps back, reopens and asides of a test are played as they are written', async () => {
    const { findings, told } = await play(
      `
tests:
  - name: a visit
    steps:
      - { screen: START, select: { department: sales }, then: START }
      - { screen: START, then: START }
      - { screen: START, fill: { slot: noon }, then: WHO }
      - { screen: WHO, then: TERMS }
      - { screen: TERMS, back: true, then: WHO }
      - { screen: WHO, back: true, then: START }
      - { reopen: true, then: START }
      - { screen: START, select: { go: resume }, then: WHO }
      - { screen: WHO, fill: { name: Boss }, then: AGENT }
`,
      ['happy', 'back', 'resume'],
    )
    assert.deepEqual(findings, [])
    assert.match(told, /· WHO leads to TERMS without asking the gateway/)
    assert.match(told, /resume: opening a form again\n {2}– not played: every test is refused on the way/)
  })

  test('invented answers make the selections first', async () => {
    const { findings, told } = await play('{}', ['happy', 'resume'])
    assert.deepEqual(findings, [])
    assert.match(
      told,
      /→ START {2}trigger="department" {2}department="sales"\n.*\n.*→ START {2}department="sales" {2}slot="noon" {2}coupon=""/,
    )
    assert.match(told, /go="resume"/)
  })

  test('what a running gateway cannot be told is not played, once, with the reason', async () => {
    const told = (name: string, key: string, step = '') =>
      `  - { name: ${name}, ${key} steps: [{ screen: START, select: { department: sales }, ${step} then: START }, { screen: START, then: START }] }\n`
    const { verdicts } = await play(
      `tests:
${told('away', 'sources: { calendar: { free_slots: unavailable } },')}${told('gone', '', 'sources: { calendar: { hold_slot: taken } },')}${told('changed', '', 'sources: { calendar: { free_slots: [] } },')}${told('not meant', 'simulate: false,')}`,
      ['happy', 'back'],
    )
    assert.deepEqual(
      verdicts.map(({ title, skipped }) => [title, skipped]),
      [
        [
          'away',
          "the test says that free_slots of calendar is unavailable, and a running gateway's sources cannot be told so",
        ],
        [
          'gone',
          "the test says that hold_slot of calendar is taken, and a running gateway's sources cannot be told so",
        ],
        ['changed', "step 2 is refused for what sources say by then, and a running gateway's cannot be told so"],
        ['not meant', 'the test says `simulate: false`'],
      ],
    )
  })
})

describe('a bug in between is found', () => {
  const tests = `tests:\n  - name: a visit\n    steps:${STEPS}`
  const emptied = (key: string) => (answer: JsonObject, payload: JsonObject) =>
    answer['screen'] === 'START' && payload['action'] === 'INIT'
      ? { ...answer, data: { ...(answer['data'] as JsonObject), [key]: {} } }
      : answer

  test('an entry screen that is not filled in again', async () => {
    const { findings } = await play(tests, ['resume'], emptied('filled'))
    assert.ok(findings.includes('not-refilled: START was opened again, and its slot is empty'), findings.join('\n'))
  })

  test('a rule that does not resume', async () => {
    const back = (answer: JsonObject, payload: JsonObject) =>
      (payload['data'] as JsonObject)['go'] === 'resume' ? { screen: 'START', data: {} } : answer
    const { findings } = await play(tests, ['resume'], back)
    assert.ok(findings.includes('other-screen: going on from START led to START, and the form was left at WHO'))
  })

  test('a list that offers nothing', async () => {
    const bare = (answer: JsonObject) =>
      answer['screen'] === 'START' ? { ...answer, data: { ...(answer['data'] as JsonObject), slots: [] } } : answer
    const { findings } = await play(tests, ['happy'], bare)
    assert.deepEqual(findings, ['not-offered: START offers nothing to choose for slot'])
  })

  test('a selection that no action of the screen sends', async () => {
    const wrong =
      'tests:\n  - name: a visit\n    steps: [{ screen: START, select: { coupon: X, slot: noon }, then: START }]'
    const { findings } = await play(wrong, ['happy'])
    assert.match(findings.join(), /^not-sent: nothing on START sends that: there is Dropdown department/)
  })
})

test('a token is found for the variant of the walk, or none where its person is in another', () => {
  const flow = {
    name: 'visit',
    variants: [
      { name: 'short', weight: 1 },
      { name: 'long', weight: 1 },
    ],
  }
  const token = tokenInVariant(flow, 'long', undefined)
  assert.equal(variantOf(flow, token ?? ''), 'long')
  const person = { phone: '+5511999990000' }
  const own = variantOf(flow, personKey(person) ?? '') ?? ''
  assert.ok(tokenInVariant(flow, own, person))
  assert.equal(tokenInVariant(flow, own === 'long' ? 'short' : 'long', person), undefined)
  assert.equal(
    tokenInVariant({ ...flow, variants: [{ name: 'never', weight: 0 }, ...flow.variants] }, 'never', undefined),
    undefined,
  )
})

test('a version is played with its own Flow JSON, and its tokens name it; a test may be of another one', () => {
  const tests = 'tests:\n  - { name: old, version: "0", steps: [{ reopen: true, then: START }] }\n'
  const files = {
    ...olderVersion('0'),
    'flows/visit/tests.yaml': tests,
    'flows/visit@0/tests.yaml': 'tests: [{ name: own, steps: [{ reopen: true, then: START }] }]',
  }
  const flows = join(visitConfiguration(files), 'flows')
  const versionIn = ({ flow }: Pick<Playbook, 'flow'>) => flow.screens.get('START')?.press?.payload['flow_version']
  const newest = readPlaybook(flows, 'visit', {})
  assert.equal(versionIn(newest), '1')
  assert.deepEqual(
    newest.walks.map(({ about, variant }) => [about, variant]),
    [[{ version: '0' }, 'short']],
  )
  assert.equal(versionIn({ flow: newest.walks[0]?.flow ?? newest.flow }), '0')
  const older = readPlaybook(flows, 'visit@0', {})
  assert.equal(versionIn(older), '0')
  assert.deepEqual(older.walks[0]?.about, { version: '0' })
})

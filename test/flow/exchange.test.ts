import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DEFAULT_MESSAGES } from '../../src/config/schema/defaults.ts'
import { beginSession } from '../../src/flow/begin-session.ts'
import { exchange } from '../../src/flow/exchange.ts'
import { readRequest } from '../../src/flow/request.ts'
import type { Session } from '../../src/flow/session.ts'
import type { Step } from '../../src/flow/step.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { flowOf, leadFlowFile, leadFlowJson } from '../support/flow.ts'
import { QUIET } from '../support/world.ts'

const flow = flowOf(leadFlowFile, leadFlowJson)
const NOW = new Date('2026-03-02T09:00:00Z')
const fresh = beginSession(flow, undefined, 'token-1', 'ses_1', NOW)

const ask = (action: string, screen: string, data: JsonObject = {}) =>
  readRequest({ version: '4.0', action, screen, data, flow_token: 'token-1' })

/** The session as it is read back after a step that moved it. */
const stored = (step: Step): Session => ({ ...step.session, revision: step.session.revision + 1 })

const contact = { full_name: ' Ana Souza ', email: 'ana@acme.com', company_size: '120' }

async function walk(...requests: ReturnType<typeof ask>[]): Promise<{ session: Session; steps: Step[] }> {
  let session: Session = fresh
  const steps: Step[] = []
  for (const request of requests) {
    const step = await exchange(flow, session, request, QUIET)
    if (step.kind !== 'stay') session = stored(step)
    steps.push(step)
  }
  return { session, steps }
}

describe('an exchange', () => {
  test('INIT opens the first screen with its data, nothing wrong and nothing typed', async () => {
    const step = await exchange(flow, fresh, ask('INIT', ''), QUIET)
    assert.equal(step.kind, 'move')
    assert.deepEqual(step.answer, { screen: 'CONTACT', data: { greeting: 'Hello', problems: {}, before: {} } })
    assert.deepEqual(step.session.path, ['CONTACT'])
  })

  test('the first rule that matches the answers so far decides the next screen', async () => {
    const big = await walk(ask('INIT', ''), ask('data_exchange', 'CONTACT', contact))
    assert.deepEqual(big.steps[1]?.answer, { screen: 'ENTERPRISE', data: { title: 'Budget of Ana Souza' } })
    assert.deepEqual(big.session.form, { full_name: 'Ana Souza', email: 'ana@acme.com', company_size: 120 })
    assert.deepEqual(big.session.path, ['CONTACT', 'ENTERPRISE'])
    const small = await walk(ask('INIT', ''), ask('data_exchange', 'CONTACT', { ...contact, company_size: '' }))
    assert.equal(small.steps[1]?.answer.screen, 'NEEDS')
    assert.equal('company_size' in small.session.form, false)
  })

  test('a refused answer stays on the screen with full data, errors by field and what was typed', async () => {
    const { steps, session } = await walk(
      ask('INIT', ''),
      ask('data_exchange', 'CONTACT', { ...contact, email: 'ana@' }),
    )
    const [, step] = steps
    assert.equal(step?.kind, 'stay')
    assert.deepEqual(step?.refused, ['email'])
    assert.deepEqual(step?.answer, {
      screen: 'CONTACT',
      data: { greeting: 'Hello', problems: { email: DEFAULT_MESSAGES.invalid }, before: { ...contact, email: 'ana@' } },
    })
    assert.deepEqual(session.form, {})
  })

  test('a refusal that no key of the screen shows is said in the snackbar, by the name of its field', async () => {
    const { steps } = await walk(
      ask('INIT', ''),
      ask('data_exchange', 'CONTACT', contact),
      ask('data_exchange', 'ENTERPRISE', { budget: 'a lot' }),
    )
    assert.deepEqual(steps[2]?.answer, {
      screen: 'ENTERPRISE',
      data: { title: 'Budget of Ana Souza', error_message: `Budget: ${DEFAULT_MESSAGES.invalid}` },
    })
  })

  test('the last screen submits the form and closes with the token and the configured params', async () => {
    const { steps, session } = await walk(
      ask('INIT', ''),
      ask('data_exchange', 'CONTACT', contact),
      ask('data_exchange', 'ENTERPRISE', { budget: 'over_50k' }),
    )
    assert.equal(steps[2]?.kind, 'submit')
    assert.deepEqual(steps[2]?.answer, {
      screen: 'SUCCESS',
      data: { extension_message_response: { params: { flow_token: 'token-1', outcome: 'received' } } },
    })
    assert.equal(session.form['budget'], 'over_50k')
  })

  test('a double tap gets the same answer and moves nothing', async () => {
    const { session, steps } = await walk(ask('INIT', ''), ask('data_exchange', 'CONTACT', contact))
    const again = await exchange(flow, session, ask('data_exchange', 'CONTACT', contact), QUIET)
    assert.equal(again.kind, 'stay')
    assert.deepEqual(again.answer, steps[1]?.answer)
    assert.deepEqual(again.session, session)
  })

  test('BACK repaints the screen before with what was answered there, and the path is shorter', async () => {
    const { session, steps } = await walk(
      ask('INIT', ''),
      ask('data_exchange', 'CONTACT', contact),
      ask('BACK', 'ENTERPRISE'),
    )
    const typed = { full_name: 'Ana Souza', email: 'ana@acme.com', company_size: '120' }
    assert.deepEqual(steps[2]?.answer, { screen: 'CONTACT', data: { greeting: 'Hello', problems: {}, before: typed } })
    assert.deepEqual(session.path, ['CONTACT'])
    const onward = await exchange(
      flow,
      session,
      ask('data_exchange', 'CONTACT', { ...contact, company_size: 3 }),
      QUIET,
    )
    assert.equal(onward.answer.screen, 'NEEDS')
    assert.deepEqual(onward.session.path, ['CONTACT', 'NEEDS'])
  })

  test('BACK from a screen the client walked to by itself leads along the edge to it', async () => {
    const { steps } = await walk(ask('INIT', ''), ask('BACK', 'NEEDS'))
    assert.equal(steps[1]?.answer.screen, 'CONTACT')
  })

  test('INIT on an open run brings its person back to the entry screen, filled in, and forgets nothing', async () => {
    const { session } = await walk(ask('INIT', ''), ask('data_exchange', 'CONTACT', contact))
    const step = await exchange(flow, session, ask('INIT', ''), QUIET)
    assert.deepEqual([step.kind, step.session.screen, step.session.path], ['move', 'CONTACT', session.path])
    assert.equal(step.session.form, session.form)
    assert.deepEqual(step.answer.data['before'], { full_name: 'Ana Souza', email: 'ana@acme.com', company_size: '120' })
  })

  test('a finished form repeats its final answer whatever comes, and only repaints on BACK', async () => {
    const { session } = await walk(
      ask('INIT', ''),
      ask('data_exchange', 'CONTACT', { ...contact, company_size: '' }),
      ask('data_exchange', 'NEEDS', {}),
    )
    const finished = { ...session, submissionId: 'sub_1' }
    const other = await exchange(flow, finished, ask('data_exchange', 'CONTACT', contact), QUIET)
    assert.deepEqual(other.answer, session.lastAnswer)
    assert.equal(other.kind, 'stay')
    const back = await exchange(flow, finished, ask('BACK', 'NEEDS'), QUIET)
    assert.equal(back.answer.screen, 'CONTACT')
    assert.equal(back.kind, 'stay')
  })

  test('a flow opened by navigation brings earlier answers in its payload, checked by their own fields', async () => {
    const { session } = await walk(
      ask('data_exchange', 'NEEDS', { interests: ['crm'], email: 'ana@acme.com', full_name: 'Ana', stray: 1 }),
    )
    assert.deepEqual(session.form, { interests: ['crm'], email: 'ana@acme.com', full_name: 'Ana' })
    const bad = await walk(ask('data_exchange', 'NEEDS', { interests: ['crm'], email: 'nonsense' }))
    assert.deepEqual(bad.steps[0]?.refused, ['email'])
  })

  test('a form whose earlier screens were skipped is not accepted, and says what is missing', async () => {
    const request = ask('data_exchange', 'NEEDS', { interests: ['crm'], email: 'ana@acme.com' })
    for (const session of [fresh, (await walk(ask('INIT', ''))).session]) {
      const step = await exchange(flow, session, request, QUIET)
      assert.equal(step.kind, 'stay')
      assert.deepEqual(step.incomplete, ['full_name'])
      assert.deepEqual(step.answer, { screen: 'NEEDS', data: { error_message: DEFAULT_MESSAGES.incomplete } })
      assert.equal(step.session, session)
    }
  })

  for (const [what, request] of [
    ['an unknown action', ask('dance', 'CONTACT')],
    ['an unknown screen', ask('data_exchange', 'ELSEWHERE')],
  ] as const) {
    test(`${what} gets a safe answer and moves nothing`, async () => {
      const step = await exchange(flow, fresh, request, QUIET)
      assert.equal(step.kind, 'stay')
      assert.equal(step.answer.screen, 'CONTACT')
      assert.equal(step.answer.data['error_message'], DEFAULT_MESSAGES.sorry)
      assert.equal(step.answer.data['greeting'], 'Hello')
    })
  }

  test('a field’s own words stand in the snackbar as they are', async () => {
    const { screens } = leadFlowFile
    const budget = { type: 'choice' as const, required: true, of: ['small'], message: 'Please choose a budget.' }
    const worded = flowOf(
      { ...leadFlowFile, screens: { ...screens, ENTERPRISE: { ...screens['ENTERPRISE'], fields: { budget } } } },
      leadFlowJson,
    )
    const step = await exchange(worded, fresh, ask('data_exchange', 'ENTERPRISE', { budget: 'much' }), QUIET)
    assert.equal(step.answer.data['error_message'], 'Please choose a budget.')
  })

  test('person, session and flow can be referred to', async () => {
    const known = { ...fresh, person: { name: 'Ana' } }
    const step = await exchange(flow, known, ask('INIT', ''), QUIET)
    assert.equal(step.answer.data['greeting'], 'Hello Ana')
  })
})

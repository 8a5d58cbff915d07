import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEFAULT_MESSAGES } from '../../src/config/schema/defaults.ts'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import { beginSession } from '../../src/flow/begin-session.ts'
import { exchange } from '../../src/flow/exchange.ts'
import { readRequest } from '../../src/flow/request.ts'
import { stayInSilence } from '../../src/flow/stay-with.ts'
import { compileWords } from '../../src/flow/words.ts'
import { flowOf, leadFlowFile, leadFlowJson } from '../support/flow.ts'
import { QUIET } from '../support/world.ts'

const broken = { expr: '1 / form.company_size - 1 / 0' }
const { CONTACT, ENTERPRISE, ...others } = leadFlowFile.screens
const flowWith = (changes: Partial<FlowFile>) => flowOf({ ...leadFlowFile, ...changes }, leadFlowJson)
const ask = (action: string, screen: string, data = {}) => readRequest({ action, screen, data, flow_token: 't' })
const now = new Date('2026-03-02T09:00:00Z')

test('a screen whose data cannot be worked out is an event for the operator, and the person stays where they are', async () => {
  const flow = flowWith({
    screens: { ...others, CONTACT: CONTACT ?? {}, ENTERPRISE: { ...ENTERPRISE, data: { title: broken } } },
  })
  const session = beginSession(flow, undefined, 't', 'ses_1', now)
  const contact = { full_name: 'Ana', email: 'ana@acme.com', company_size: '120' }
  const step = await exchange(flow, session, ask('data_exchange', 'CONTACT', contact), QUIET)
  assert.deepEqual([step.kind, step.session], ['stay', session])
  assert.deepEqual(step.answer, {
    screen: 'CONTACT',
    data: { greeting: 'Hello', problems: {}, before: contact, error_message: DEFAULT_MESSAGES.sorry },
  })
  assert.equal(step.rejected?.screen, 'ENTERPRISE')
  assert.deepEqual(
    step.rejected?.faults.map(({ path }) => path),
    ['title'],
  )
})

test('where not even the screen to stay on can be worked out, it is shown without what cannot, and with a sentence', async () => {
  const flow = flowWith({ screens: { ...leadFlowFile.screens, CONTACT: { ...CONTACT, data: { greeting: broken } } } })
  const session = beginSession(flow, undefined, 't', 'ses_1', now)
  const step = await exchange(flow, session, ask('INIT', ''), QUIET)
  const empty = { greeting: '', problems: {}, before: {} }
  assert.deepEqual(step.answer, { screen: 'CONTACT', data: { ...empty, error_message: DEFAULT_MESSAGES.sorry } })
  const wait = compileWords('Wait.', [], () => assert.fail())
  assert.deepEqual(await stayInSilence(flow, session, ask('INIT', ''), now, wait), {
    screen: 'CONTACT',
    data: { ...empty, error_message: 'Wait.' },
  })
})

test('a word of the final answer that cannot be worked out does not keep a form from being accepted', async () => {
  const flow = flowWith({ answer: { outcome: 'received', size: broken } })
  const session = beginSession(flow, undefined, 't', 'ses_1', now)
  const step = await exchange(
    flow,
    session,
    ask('data_exchange', 'NEEDS', { full_name: 'Ana', email: 'a@b.co' }),
    QUIET,
  )
  assert.equal(step.kind, 'submit')
  const params = { flow_token: 't', outcome: 'received' }
  assert.deepEqual(step.answer.data, { extension_message_response: { params } })
  assert.equal(step.remarks?.length, 1)
  assert.match(step.remarks?.[0] ?? '', /^answer\.size was left out: the expression /)
})

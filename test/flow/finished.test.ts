import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import type { Reply } from '../../src/flow/asking.ts'
import { Course } from '../support/course.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'
import { worldOf } from '../support/world.ts'

const text = { type: 'string', __example__: '' }
const flowJson = flowJsonOf(
  {
    NAME: { sends: ['name'] },
    PLAN: { sends: ['plan'], data: { price: text }, refreshOnBack: true },
    THANKS: { sends: ['ok'], data: { number: text }, terminal: true, refreshOnBack: true },
    HELP: { sends: ['phone'], terminal: true },
  },
  { NAME: ['PLAN'], PLAN: ['THANKS', 'HELP'], THANKS: ['HELP'], HELP: [] },
)
const file: FlowFile = {
  flow: 'f',
  title: 'F',
  version: '1',
  first_screen: 'NAME',
  answer: { outcome: 'received' },
  asks: { shop: { source: 'shop', query: 'q', if_unavailable: { show: 'HELP' } } },
  screens: {
    NAME: { fields: { name: { type: 'text', required: true } }, next: [{ show: 'PLAN' }] },
    PLAN: { data: { price: { from: 'asked.shop', default: '' } }, next: [{ submit: true, show: 'THANKS' }] },
    THANKS: { data: { number: { from: 'asked.shop', default: '' } }, next: [{ submit: true }] },
    HELP: { next: [{ submit: true }] },
  },
}
const flow = flowOf(file, flowJson)
let reply: Reply
const world = worldOf({ answer: () => reply })

async function finish(thanks: Reply = reply) {
  const course = new Course(flow, world)
  await course.open()
  await course.submit('NAME', { name: 'Ana' })
  reply = thanks
  const step = await course.submit('PLAN', { plan: 'big' })
  course.session = { ...course.session, submissionId: 'sub_1' }
  return { course, step }
}

describe('a finished form', () => {
  test('is accepted although the source of its thanks cannot answer', async () => {
    reply = { kind: 'answered', value: 'x' }
    const { step } = await finish({ kind: 'unavailable', fallback: undefined })
    assert.deepEqual([step.kind, step.answer], ['submit', { screen: 'THANKS', data: { number: '' } }])
  })

  test('is accepted although its thanks break the Flow JSON: the flow closes, and the operator hears of it', async () => {
    reply = { kind: 'answered', value: 'x' }
    const { course, step } = await finish({ kind: 'answered', value: { not: 'text' } })
    assert.deepEqual([step.kind, step.answer.screen, step.rejected?.screen], ['submit', 'SUCCESS', 'THANKS'])
    assert.equal(course.session.lastAnswer, step.answer)
  })

  test('repeats its thanks where an edge leads to them, and closes from everywhere else', async () => {
    reply = { kind: 'answered', value: 'x' }
    const { course, step } = await finish()
    assert.deepEqual((await course.submit('PLAN', { plan: 'small' })).answer, step.answer)
    const closed = {
      screen: 'SUCCESS',
      data: { extension_message_response: { params: { flow_token: 'token-1', outcome: 'received' } } },
    }
    assert.deepEqual((await course.submit('NAME', { name: 'Bo' })).answer, closed)
    assert.deepEqual((await course.submit('THANKS', { ok: 'yes' })).answer, closed)
  })

  test('is not moved by going back in it, whatever its sources do', async () => {
    reply = { kind: 'answered', value: 'x' }
    const { course } = await finish({ kind: 'unavailable', fallback: undefined })
    const { session } = course
    assert.deepEqual((await course.back('THANKS')).answer, { screen: 'PLAN', data: { price: '' } })
    assert.equal(course.session, session)
  })
})

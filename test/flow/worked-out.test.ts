import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import type { Question, Reply } from '../../src/flow/asking.ts'
import { Course, sends } from '../support/course.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'
import { worldOf } from '../support/world.ts'

const text = { type: 'string', __example__: '' }
const flowJson = flowJsonOf(
  {
    ORDER: {
      sends: ['plan', 'born', 'method', 'account'],
      data: { since: text, typed: { type: 'object', __example__: {} } },
      initValues: 'typed',
    },
    DONE: { sends: ['note'], data: { price: { type: 'number', __example__: 1 } }, terminal: true },
  },
  { ORDER: ['DONE'], DONE: [] },
)
const file: FlowFile = {
  flow: 'order',
  title: 'Order',
  version: '1',
  first_screen: 'ORDER',
  time_zone: 'Asia/Tokyo',
  asks: { offer: { source: 'shop', query: 'offer', with: { plan: { from: 'values.plan_code' } }, take: 'first' } },
  values: {
    adult_since: { from: 'session.today', apply: [{ add_days: -6574 }] },
    plan_code: { from: 'form.plan', apply: ['upper'] },
    yearly: { expr: 'asked.offer.price * 12' },
    broken: { expr: '1 / 0 - 1 / 0' },
  },
  screens: {
    ORDER: {
      fields: {
        plan: { type: 'text', required: true },
        born: { type: 'date' },
        method: { type: 'choice', of: ['card', 'bank'] },
        account: { type: 'text', required: { 'form.method': 'bank' }, message: 'Which account?' },
      },
      data: { since: { from: 'values.adult_since' }, typed: { plan: 'basic' } },
      checks: [
        {
          id: 'adult',
          when: { 'form.born': { exists: true } },
          that: { 'form.born': { lte: { from: 'values.adult_since' } } },
          message: 'You must be born on {values.adult_since} at the latest.',
        },
      ],
      keep: { price: { from: 'values.yearly' }, twice: { expr: 'form.price * 2' }, nothing: { from: 'values.broken' } },
      next: [{ show: 'DONE' }],
    },
    DONE: { data: { price: { from: 'form.price' } }, next: [{ submit: true }] },
  },
}
const flow = flowOf(file, flowJson)
const answer = ({ parameters }: Question): Reply => ({
  kind: 'answered',
  value: parameters['plan'] === 'PLUS' ? [{ price: 10 }] : [],
})
const course = () => new Course(flow, worldOf({ answer }))

describe('a value of the flow', () => {
  test('is worked out where something refers to it, in the time zone where the flow is at home', async () => {
    const opened = await course().open()
    assert.equal(opened.answer.data['since'], '2008-03-02')
    assert.equal(flow.dayOf(new Date('2026-03-01T16:00:00Z')), '2026-03-02')
  })

  test('can be what an answer is compared with', async () => {
    const young = await course().submit('ORDER', { plan: 'plus', born: '2008-03-03' })
    assert.equal(young.answer.data['error_message'], 'You must be born on 2008-03-02 at the latest.')
    assert.equal((await course().submit('ORDER', { plan: 'plus', born: '2008-03-02' })).answer.screen, 'DONE')
  })

  test('is a parameter of an ask and made of its answer, each once', async () => {
    const world = worldOf({ answer })
    const step = await new Course(flow, world).submit('ORDER', { plan: 'plus' })
    assert.deepEqual(step.answer.data, { price: 120 })
    assert.deepEqual(
      world.asked.map(({ parameters }) => parameters),
      [{ plan: 'PLUS' }],
    )
  })
})

describe('what a screen keeps', () => {
  test('stands with the answers, whatever a phone sends by that name', async () => {
    const person = course()
    await person.submit('ORDER', { plan: 'plus', price: 1, twice: 1 })
    assert.deepEqual(person.session.form, { plan: 'plus', price: 120, twice: 240 })
  })

  test('goes when it can no longer be worked out', async () => {
    const person = course()
    await person.submit('ORDER', { plan: 'plus' })
    await person.submit('ORDER', { plan: 'none' })
    assert.deepEqual(person.session.form, { plan: 'none' })
  })
})

describe('an answer that is required under a condition', () => {
  test('is required where it holds, in the order of the fields, and not elsewhere', async () => {
    const refused = await course().submit('ORDER', { method: 'bank' })
    assert.deepEqual(refused.refused, ['plan', 'account'])
    const alone = await course().submit('ORDER', { plan: 'plus', method: 'bank' })
    assert.equal(alone.answer.data['error_message'], 'Which account?')
    assert.equal((await course().submit('ORDER', { plan: 'plus', method: 'card' })).answer.screen, 'DONE')
  })

  test('may be required from a day on', async () => {
    const { ORDER } = file.screens
    const fields = { account: { type: 'text', required: { 'session.today': { gte: '2026-03-02' } } } } as const
    const dated = flowOf({ ...file, screens: { ...file.screens, ORDER: { ...ORDER, fields } } }, flowJson)
    const before = { now: new Date('2026-03-01T09:00:00Z') }
    const submit = sends('data_exchange', 'ORDER', {})
    assert.equal((await new Course(dated, worldOf({ answer })).take(submit, before)).answer.screen, 'DONE')
    assert.deepEqual((await new Course(dated, worldOf({ answer })).take(submit)).refused, ['account'])
  })

  test('is missing as well where a later screen ends the form without it', async () => {
    const person = course()
    await person.submit('ORDER', { plan: 'plus', method: 'card' })
    person.session = { ...person.session, form: { ...person.session.form, method: 'bank' } }
    assert.deepEqual((await person.submit('DONE')).incomplete, ['account'])
  })
})

test('what the configuration puts into an input stands there, and what was refused in the others', async () => {
  const opened = await course().open()
  assert.deepEqual(opened.answer.data['typed'], { plan: 'basic' })
  const refused = await course().submit('ORDER', { plan: 'plus', method: 'cash', trigger: 'x' })
  assert.deepEqual(refused.answer.data['typed'], { plan: 'basic', method: 'cash' })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import type { Question, Reply } from '../../src/flow/asking.ts'
import { beginSession } from '../../src/flow/begin-session.ts'
import { Course, NOW, sends } from '../support/course.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'
import { worldOf } from '../support/world.ts'

const text = { type: 'string', __example__: '' }
const flowJson = flowJsonOf(
  {
    STAY: {
      sends: ['arrival', 'departure', 'coupon'],
      data: {
        problems: { type: 'object', __example__: {} },
        verified: { type: 'boolean', __example__: false },
        said: text,
        percent: { type: 'number', __example__: 1 },
      },
      errorMessages: 'problems',
    },
    DONE: { sends: ['note'], terminal: true },
    CALL_US: { sends: ['phone'], terminal: true },
  },
  { STAY: ['DONE', 'CALL_US'], DONE: [], CALL_US: [] },
)

const file: FlowFile = {
  flow: 'stay',
  title: 'Stay',
  version: '1',
  first_screen: 'STAY',
  asks: { coupon: { source: 'shop', query: 'coupon', with: { code: { from: 'form.coupon' } }, take: 'first' } },
  screens: {
    STAY: {
      fields: { arrival: { type: 'date', required: true }, departure: { type: 'date' }, coupon: { type: 'text' } },
      data: {
        verified: { from: 'checks.coupon.ok', default: false },
        said: { from: 'checks.coupon.message', default: '' },
        percent: { from: 'checks.coupon.value', default: 0 },
      },
      triggers: [{ when: { 'sent.trigger': 'verify' }, checks: ['coupon'] }],
      checks: [
        {
          id: 'nights',
          when: { 'form.departure': { exists: true } },
          that: { 'form.departure': { gt: { from: 'form.arrival' } } },
          field: 'departure',
          message: { en: 'You leave before {form.arrival}.', pt_BR: 'A saída é antes de {form.arrival}.' },
        },
        {
          id: 'coupon',
          when: { 'form.coupon': { exists: true } },
          that: { 'asked.coupon': { exists: true } },
          message: 'No coupon {form.coupon}.',
          ok_message: 'You save {asked.coupon.percent} %.',
          value: { from: 'asked.coupon.percent' },
        },
      ],
      way_out: { after: 3, show: 'CALL_US' },
      next: [{ show: 'DONE' }],
    },
    DONE: { next: [{ submit: true }] },
    CALL_US: { next: [{ submit: true }] },
  },
}

const flow = flowOf(file, flowJson)
const answer = ({ parameters }: Question): Reply => ({
  kind: 'answered',
  value: parameters['code'] === 'SAVE10' ? [{ percent: 10 }] : [],
})
const course = () => new Course(flow, worldOf({ answer }))
const dates = { arrival: '2026-05-04', departure: '2026-05-06' }
const verify = (coupon: string) => sends('data_exchange', 'STAY', { trigger: 'verify', coupon })

describe('a check', () => {
  test('compares answers with each other and speaks at its field, with what was typed', async () => {
    const step = await course().submit('STAY', { arrival: '2026-05-04', departure: '2026-05-04' })
    assert.deepEqual(step.refused, ['departure'])
    assert.deepEqual(step.answer.data['problems'], { departure: 'You leave before 2026-05-04.' })
    assert.equal(step.answer.screen, 'STAY')
  })

  test('speaks the language of the session', async () => {
    const binding = {
      flow: 'stay',
      version: undefined,
      person: {},
      personKey: undefined,
      source: {},
      language: 'pt',
      prefill: {},
      expiresAt: NOW,
      revokedAt: undefined,
    }
    const spoken = new Course(flow, worldOf({ answer }), beginSession(flow, binding, 'token-1', 'ses_1', NOW))
    const step = await spoken.submit('STAY', { arrival: '2026-05-04', departure: '2026-05-04' })
    assert.deepEqual(step.answer.data['problems'], { departure: 'A saída é antes de 2026-05-04.' })
  })

  test('by a source stands in a snackbar where no field is named', async () => {
    const step = await course().submit('STAY', { ...dates, coupon: 'NONE' })
    assert.equal(step.answer.data['error_message'], 'No coupon NONE.')
    assert.deepEqual(step.refused, ['(form)'])
  })

  test('is not run where its condition does not hold', async () => {
    assert.equal((await course().submit('STAY', { arrival: '2026-05-04' })).answer.screen, 'DONE')
  })
})

test('a check may build on what one before it came to', async () => {
  const screen = {
    ...file.screens['STAY'],
    checks: [
      ...(file.screens['STAY']?.checks ?? []),
      {
        id: 'enough',
        when: { 'checks.coupon.ok': true },
        that: { 'checks.coupon.value': { gte: 20 } },
        message: 'Only {checks.coupon.value} %.',
      },
    ],
  }
  const building = flowOf({ ...file, screens: { ...file.screens, STAY: screen } }, flowJson)
  const person = new Course(building, worldOf({ answer }))
  const step = await person.submit('STAY', { ...dates, coupon: 'SAVE10' })
  assert.equal(step.answer.data['error_message'], 'Only 10 %.')
  assert.equal((await person.submit('STAY', dates)).answer.screen, 'DONE')
})

describe('a link that verifies', () => {
  test('comes to a value the screen can bind to, and holds nobody up', async () => {
    const person = course()
    await person.open()
    const good = await person.take(verify('SAVE10'))
    const { verified, said, percent } = good.answer.data
    assert.deepEqual([good.answer.screen, verified, said, percent], ['STAY', true, 'You save 10 %.', 10])
    const bad = await person.take(verify('NONE'))
    assert.deepEqual([bad.answer.data['verified'], bad.answer.data['said']], [false, 'No coupon NONE.'])
    assert.equal(bad.refused, undefined)
    assert.equal('error_message' in bad.answer.data, false)
  })

  test('that tells says what does not hold at its place, as on submit, and holds nobody up', async () => {
    const telling = flowOf(
      {
        ...file,
        screens: {
          ...file.screens,
          STAY: {
            ...file.screens['STAY'],
            triggers: [{ when: { 'sent.trigger': 'verify' }, checks: ['coupon', 'nights'], tell: true }],
          },
        },
      },
      flowJson,
    )
    const person = new Course(telling, worldOf({ answer }))
    await person.open()
    const payload = { trigger: 'verify', coupon: 'NONE', arrival: '2026-05-04', departure: '2026-05-04' }
    const told = await person.take(sends('data_exchange', 'STAY', payload))
    assert.equal(told.answer.data['error_message'], 'No coupon NONE.')
    assert.deepEqual(told.answer.data['problems'], { departure: 'You leave before 2026-05-04.' })
    assert.deepEqual([told.kind, told.refused], ['move', ['departure', '(form)']])
    assert.equal(person.session.form['coupon'], 'NONE')
    const well = await person.take(verify('SAVE10'))
    assert.equal('error_message' in well.answer.data, false)
    const done = await person.submit('STAY', { ...dates, coupon: 'SAVE10' })
    assert.equal(done.answer.screen, 'DONE')
  })

  test('no longer holds once the answer it judged has changed', async () => {
    const person = course()
    await person.open()
    await person.take(verify('SAVE10'))
    const refused = await person.submit('STAY', { arrival: '', coupon: 'SAVE10' })
    assert.equal(refused.answer.data['verified'], true)
    const other = await person.take(sends('data_exchange', 'STAY', { trigger: 'verify', coupon: '' }))
    assert.equal(other.answer.data['verified'], false)
  })
})

describe('what a check came to', () => {
  const file: FlowFile = {
    flow: 'f',
    title: 'F',
    version: '1',
    first_screen: 'A',
    asks: { form: { source: 's', query: 'q', with: { all: { from: 'form' } } } },
    screens: {
      A: {
        fields: { one: { type: 'text' }, two: { type: 'text' } },
        data: { whole: { from: 'checks.whole.ok', default: false }, next: { from: 'checks.next.ok', default: false } },
        triggers: [
          { when: { 'sent.trigger': 'verify' }, checks: ['whole', 'first', 'next'] },
          { when: { 'sent.trigger': 'chosen' } },
        ],
        checks: [
          { id: 'whole', that: { 'asked.form': true }, message: 'No.' },
          { id: 'first', that: { 'form.one': 'good' }, message: 'No.' },
          { id: 'next', that: { 'checks.first.ok': true }, message: 'No.' },
        ],
        next: [{ submit: true }],
      },
    },
  }
  const truth = { type: 'boolean', __example__: true }
  const json = flowJsonOf(
    { A: { sends: ['one', 'two'], data: { whole: truth, next: truth }, terminal: true } },
    { A: [] },
  )

  test('from all answers or from another check goes with any of those', async () => {
    const person = new Course(flowOf(file, json), worldOf({ answer: () => ({ kind: 'answered', value: true }) }))
    await person.open()
    const verified = await person.submit('A', { trigger: 'verify', one: 'good' })
    assert.deepEqual(verified.answer.data, { whole: true, next: true })
    const other = await person.submit('A', { trigger: 'chosen', two: 'x' })
    assert.deepEqual(other.answer.data, { whole: false, next: true })
    const changed = await person.submit('A', { trigger: 'chosen', one: 'bad' })
    assert.deepEqual(changed.answer.data, { whole: false, next: false })
  })
})

describe('a screen that refuses again and again', () => {
  test('takes its way out after so many refusals in a row, also of the same answer', async () => {
    const person = course()
    await person.open()
    const wrong = { ...dates, coupon: 'NONE' }
    const screens = []
    for (let tries = 0; tries < 3; tries += 1) screens.push((await person.submit('STAY', wrong)).answer.screen)
    assert.deepEqual(screens, ['STAY', 'STAY', 'CALL_US'])
    assert.deepEqual(person.session.progress.refusals, {})
    assert.deepEqual(person.session.path, ['STAY', 'CALL_US'])
  })

  test('counts from the beginning after answers that were right', async () => {
    const person = course()
    await person.open()
    await person.submit('STAY', { ...dates, coupon: 'NONE' })
    await person.submit('STAY', dates)
    await person.submit('STAY', { ...dates, coupon: 'NONE' })
    const third = await person.submit('STAY', { ...dates, coupon: 'NEVER' })
    assert.equal(third.answer.screen, 'STAY')
  })

  test('counts two taps at once as one', async () => {
    const person = course()
    await person.open()
    const wrong = sends('data_exchange', 'STAY', { ...dates, coupon: 'NONE' })
    await person.take(wrong)
    const second = await person.take(wrong, { raced: true })
    assert.deepEqual([second.kind, person.session.progress.refusals], ['stay', { STAY: 1 }])
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import { beginSession, findRun } from '../../src/flow/begin-session.ts'
import { Course, NOW, sends } from '../support/course.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'

const number = { type: 'number', __example__: 1 }
const text = { type: 'string', __example__: '' }
const flowJson = flowJsonOf(
  {
    START: { sends: ['count'], data: { left: text, who: text } },
    PERSON: {
      sends: ['name', 'age'],
      data: { round: number, typed: { type: 'object', __example__: {} } },
      initValues: 'typed',
      refreshOnBack: true,
    },
    PLAN: { sends: ['plan'], data: { people: number }, refreshOnBack: true },
    THANKS: { sends: ['ok'], data: { plan: text }, terminal: true },
    AGENT: { sends: ['ok'], terminal: true },
  },
  { START: ['PERSON', 'PLAN'], PERSON: ['PLAN'], PLAN: ['THANKS', 'AGENT'], THANKS: [], AGENT: [] },
)
const file: FlowFile = {
  flow: 'many',
  title: 'Many',
  version: '1',
  first_screen: 'START',
  sessions: { resume: ['offer', 'person'] },
  screens: {
    START: {
      fields: { count: { type: 'integer', required: true, min: 1 } },
      data: { left: { from: 'session.left_at', default: '' }, who: { from: 'session.source.campaign', default: '' } },
      next: [{ when: { 'sent.trigger': 'resume' }, resume: true }, { show: 'PERSON' }],
    },
    PERSON: {
      fields: { name: { type: 'text', required: true }, age: { type: 'integer' } },
      data: { round: { from: 'session.round' } },
      repeat: { into: 'people', times: { from: 'form.count' } },
      next: [{ show: 'PLAN' }],
    },
    PLAN: {
      fields: { plan: { type: 'choice', required: true } },
      data: { people: { expr: '$count(form.people)' } },
      next: [
        { when: { 'form.plan': 'big' }, escalate: 'AGENT', queue: 'enterprise' },
        { submit: true, show: 'THANKS' },
      ],
    },
    THANKS: { data: { plan: { from: 'form.plan' } } },
    AGENT: {},
  },
}
const flow = flowOf(file, flowJson)

async function upToPlan(): Promise<Course> {
  const course = new Course(flow)
  await course.open()
  await course.submit('START', { count: 2 })
  await course.submit('PERSON', { name: 'Ana', age: '30' })
  await course.submit('PERSON', { name: 'Bo' })
  return course
}

describe('a repeated screen', () => {
  test('is shown until its list is full, empty each time, and then leads on', async () => {
    const course = new Course(flow)
    await course.open()
    const first = await course.submit('START', { count: 2 })
    assert.deepEqual(first.answer, { screen: 'PERSON', data: { round: 1, typed: {} } })
    const second = await course.submit('PERSON', { name: 'Ana', age: '30' })
    assert.deepEqual(second.answer, { screen: 'PERSON', data: { round: 2, typed: {} } })
    const on = await course.submit('PERSON', { name: 'Bo' })
    assert.deepEqual(on.answer, { screen: 'PLAN', data: { people: 2 } })
    assert.deepEqual(course.session.form, { count: 2, people: [{ name: 'Ana', age: 30 }, { name: 'Bo' }] })
    assert.deepEqual(course.session.path, ['START', 'PERSON', 'PLAN'])
  })

  test('opens its last round again when somebody goes back to it', async () => {
    const course = await upToPlan()
    const back = await course.back('PLAN')
    assert.deepEqual(back.answer, { screen: 'PERSON', data: { round: 2, typed: { name: 'Bo' } } })
    const on = await course.submit('PERSON', { name: 'Bob' })
    assert.equal(on.answer.screen, 'PLAN')
    assert.deepEqual(course.session.form['people'], [{ name: 'Ana', age: 30 }, { name: 'Bob' }])
  })

  test('collects anew when it is entered anew, and never more than it should', async () => {
    const course = await upToPlan()
    await course.submit('PERSON', { name: 'Bo again, from a phone that went back by itself' })
    assert.equal((course.session.form['people'] as unknown[]).length, 2)
    await course.submit('START', { count: 1 })
    assert.deepEqual(course.session.form['people'], [])
    assert.equal((await course.submit('PERSON', { name: 'Cleo' })).answer.screen, 'PLAN')
    assert.deepEqual(course.session.form['people'], [{ name: 'Cleo' }])
  })

  test('judges each round by itself', async () => {
    const course = new Course(flow)
    await course.open()
    await course.submit('START', { count: 2 })
    await course.submit('PERSON', { name: 'Ana' })
    assert.deepEqual((await course.submit('PERSON', { name: '' })).refused, ['name'])
  })
})

describe('the end of a form', () => {
  test('may be a screen that thanks instead of a flow that closes', async () => {
    const course = await upToPlan()
    const step = await course.submit('PLAN', { plan: 'small' })
    assert.deepEqual([step.kind, step.occasion], ['submit', undefined])
    assert.deepEqual(step.answer, { screen: 'THANKS', data: { plan: 'small' } })
  })

  test('may be people who take over, with the queue they wait in', async () => {
    const course = await upToPlan()
    const step = await course.submit('PLAN', { plan: 'big' })
    assert.deepEqual([step.kind, step.occasion, step.answer.screen], ['submit', 'handed_over', 'AGENT'])
    assert.equal(step.session.progress.queue, 'enterprise')
    assert.deepEqual(step.session.path, ['START', 'PERSON', 'PLAN', 'AGENT'])
  })
})

describe('an unfinished form', () => {
  const resume = { trigger: 'resume', count: 2 }

  test('tells its entry screen where it was left, and goes on there along an edge', async () => {
    const course = await upToPlan()
    const opened = await course.open()
    assert.deepEqual([opened.kind, opened.answer.screen, opened.answer.data['left']], ['move', 'START', 'PLAN'])
    const step = await course.submit('START', resume)
    assert.deepEqual(step.answer, { screen: 'PLAN', data: { people: 2 } })
    assert.deepEqual(course.session.path, ['START', 'PERSON', 'PLAN'])
    assert.deepEqual((await course.back('PLAN')).answer.screen, 'PERSON')
  })

  test('goes the usual way where nothing was left, and where nobody asks to go on', async () => {
    const course = new Course(flow)
    await course.open()
    assert.equal((await course.submit('START', resume)).answer.screen, 'PERSON')
    const other = await upToPlan()
    await other.open()
    assert.equal((await other.submit('START', { count: 2 })).answer.screen, 'PERSON')
  })

  test('is found under a new token of the same person, with its answers and its place', async () => {
    const { session } = await upToPlan()
    const binding = {
      flow: 'many',
      version: undefined,
      person: { phone: '+55' },
      personKey: 'k',
      source: { campaign: 'again' },
      language: undefined,
      prefill: { count: 3 },
      expiresAt: new Date(NOW.getTime() + 1000),
      revokedAt: undefined,
    }
    const run = findRun(
      flow,
      { session: undefined, binding, unfinished: session },
      sends('INIT'),
      'token-2',
      'ses_2',
      NOW,
    )
    assert.ok(run.kind === 'open')
    assert.equal(run.takesOver, session)
    assert.deepEqual(run.session.form, { ...session.form, count: 3 })
    const course = new Course(flow, undefined, run.session)
    const opened = await course.open()
    assert.deepEqual(opened.answer.data, { left: 'PLAN', who: 'again' })
    assert.equal((await course.submit('START', resume)).answer.screen, 'PLAN')
  })

  test('that belongs to nobody known is not looked for', () => {
    const plain = flowOf(
      {
        ...file,
        sessions: {},
        screens: { ...file.screens, START: { ...file.screens['START'], next: [{ show: 'PERSON' }] } },
      },
      flowJson,
    )
    const unfinished = beginSession(flow, undefined, 'token-1', 'ses_1', NOW)
    const run = findRun(
      plain,
      { session: undefined, binding: undefined, unfinished },
      sends('INIT'),
      'token-2',
      'ses_2',
      NOW,
    )
    assert.ok(run.kind === 'open' && run.takesOver === undefined)
  })
})

describe('hidden fields', () => {
  test('tell where a person comes from, once and within limits, and the token wins', async () => {
    const course = new Course(flow)
    await course.open()
    const told = {
      utm_source: 'news',
      campaign: 'x'.repeat(600),
      referral: { source_id: '7', evil: 'no' },
      entry_point: '',
      utm_: 'no',
      other: 'no',
    }
    await course.submit('START', { count: 1, ...told })
    assert.deepEqual(course.session.source, {
      utm_source: 'news',
      campaign: 'x'.repeat(512),
      referral: { source_id: '7' },
    })
    await course.submit('PERSON', { name: 'Ana', utm_source: 'other' })
    assert.equal(course.session.source['utm_source'], 'news')
  })

  test('do not pile up, however many a phone sends', async () => {
    const course = new Course(flow)
    await course.open()
    for (const count of [1, 2]) {
      const many = Array.from({ length: 500 }, (_, index) => [`utm_${count}_${index}`, 'x'])
      await course.submit('START', { count, ...Object.fromEntries(many) })
    }
    assert.equal(Object.keys(course.session.source).length, 20)
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import { findRun } from '../../src/flow/begin-session.ts'
import { Course, NOW, sends } from '../support/course.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'
import { worldOf } from '../support/world.ts'

const text = { type: 'string', __example__: '' }
const flowJson = flowJsonOf(
  {
    START: { sends: ['name', 'town'], data: { left: text, today: text } },
    SLOT: { sends: ['slot'] },
    PAY: { sends: ['card'] },
    END: { sends: ['note'], terminal: true },
  },
  { START: ['SLOT', 'PAY'], SLOT: ['PAY'], PAY: ['END'], END: [] },
)
const file: FlowFile = {
  flow: 'f',
  title: 'F',
  version: '1',
  first_screen: 'START',
  sessions: { resume: ['offer', 'person'] },
  messages: { moved: 'Go on here.' },
  asks: { today: { source: 's', query: 'today' } },
  screens: {
    START: {
      fields: { name: { type: 'text', required: true }, town: { type: 'text' } },
      data: { left: { from: 'session.left_at', default: '' }, today: { from: 'asked.today' } },
      triggers: [{ when: { 'sent.go': 'town' } }],
      way_out: { after: 9, show: 'PAY' },
      next: [
        { when: { 'sent.go': 'resume' }, resume: true },
        { when: { 'data.today': { exists: true } }, show: 'SLOT' },
        { submit: true },
      ],
    },
    SLOT: {
      fields: { slot: { type: 'text', required: true } },
      reserves: {
        slot: { source: 's', reserve: 'r', release: 'f', with: { id: { from: 'form.slot' } }, taken: 'Taken.' },
      },
      next: [{ show: 'PAY' }],
    },
    PAY: { next: [{ show: 'END' }] },
    END: { next: [{ submit: true }] },
  },
}
const flow = flowOf(file, flowJson)
const strict = flowOf({ ...file, sessions: { resume: 'offer', stale_client: 'repaint' } }, flowJson)
let today = 'Monday'
const world = worldOf({
  answer: () => ({ kind: 'answered', value: today }),
  reserve: () => ({ kind: 'held', value: {} }),
})
const tomorrow = { now: new Date(NOW.getTime() + 24 * 3_600_000) }

async function atPay(course = new Course(flow, world)): Promise<Course> {
  today = 'Monday'
  await course.open()
  await course.submit('START', { name: 'Ana' })
  await course.submit('SLOT', { slot: 'nine' })
  return course
}

describe('a form that is opened again', () => {
  test('is shown as things are now, not as they were', async () => {
    const course = new Course(flow, world)
    await course.open()
    today = 'Tuesday'
    assert.equal((await course.open()).answer.data['today'], 'Monday', 'a double tap gets the same answer')
    assert.equal((await course.take(sends('INIT'), tomorrow)).answer.data['today'], 'Tuesday')
  })

  test('hears its first screen, and knows what that was shown with', async () => {
    for (const each of [flow, strict]) {
      const course = await atPay(new Course(each, world))
      await course.take(sends('INIT'), tomorrow)
      const step = await course.submit('START', { name: 'Bo' })
      assert.deepEqual([step.answer.screen, course.session.form['name']], ['SLOT', 'Bo'])
    }
  })

  test('still offers to go on after a selection or a refused answer on its first screen', async () => {
    const course = await atPay()
    await course.take(sends('INIT'), tomorrow)
    await course.submit('START', { go: 'town', town: 'Berlin' })
    assert.equal((await course.submit('START', { go: 'town', town: 'Bonn' })).answer.data['left'], 'PAY')
    assert.deepEqual((await course.submit('START', { name: '' })).refused, ['name'])
    assert.equal((await course.submit('START', { name: 'Ana', go: 'resume' })).answer.screen, 'PAY')
  })

  test('under another token does not lead past what was held and is given back', async () => {
    const { session } = await atPay()
    const binding = {
      flow: 'f',
      version: undefined,
      person: {},
      personKey: 'k',
      source: {},
      language: undefined,
      prefill: {},
      expiresAt: new Date(NOW.getTime() + 90 * 24 * 3_600_000),
      revokedAt: undefined,
    }
    const resumed = async (now: Date) => {
      const known = { session: undefined, binding, unfinished: session }
      const run = findRun(flow, known, sends('INIT'), 'token-2', 'ses_2', now)
      assert.ok(run.kind === 'open')
      const course = new Course(flow, world, run.session)
      await course.open()
      return (await course.submit('START', { name: 'Ana', go: 'resume' })).answer.screen
    }
    assert.equal(await resumed(new Date(session.expiresAt.getTime() - 1)), 'PAY')
    assert.equal(await resumed(session.expiresAt), 'SLOT')
  })
})

describe('a phone that went back by itself', () => {
  test('is brought to the furthest screen an edge leads to, where the flow minds', async () => {
    const course = await atPay(new Course(strict, world))
    await course.submit('PAY', { card: '1' })
    const step = await course.submit('START', { name: 'Bo' })
    assert.deepEqual(step.answer, { screen: 'PAY', data: { error_message: 'Go on here.' } })
    assert.equal((await course.submit('PAY', { card: '1' })).answer.screen, 'END')
  })

  test('is heard where no edge leads on', async () => {
    const apart = flowJsonOf(
      {
        START: { sends: ['name', 'town'], data: { left: text, today: text } },
        SLOT: { sends: ['slot'] },
        PAY: { sends: ['card'] },
        END: { sends: ['note'], terminal: true },
        ASIDE: { sends: ['wish'], terminal: true },
      },
      { START: ['SLOT', 'PAY'], SLOT: ['PAY'], PAY: ['END'], END: [], ASIDE: [] },
    )
    const screens = {
      ...file.screens,
      ASIDE: { fields: { wish: { type: 'text' as const } }, next: [{ submit: true as const }] },
    }
    const sessions = { stale_client: 'repaint', resume: 'offer' } as const
    const course = await atPay(new Course(flowOf({ ...file, sessions, screens }, apart), world))
    assert.equal((await course.submit('ASIDE', { wish: 'x' })).answer.screen, 'SUCCESS')
  })
})

describe('going back', () => {
  test('leads along an edge, past screens that the phone walked by itself', async () => {
    const link = (name: string) => ({
      type: 'EmbeddedLink',
      text: 'x',
      'on-click-action': { name: 'navigate', next: { type: 'screen', name }, payload: {} },
    })
    const walked = flowJsonOf(
      {
        A: { sends: ['a'] },
        B: { sends: ['b'], children: [link('C')] },
        C: { children: [link('D')] },
        D: { sends: ['d'], refreshOnBack: true },
        E: { sends: ['e'], terminal: true },
      },
      { A: ['B'], B: ['C'], C: ['D'], D: ['E'], E: [] },
    )
    const show = (screen: string) => ({ next: [{ show: screen }] })
    const screens = { A: show('B'), B: show('C'), C: show('D'), D: show('E'), E: { next: [{ submit: true as const }] } }
    const course = new Course(flowOf({ flow: 'f', title: 'F', version: '1', first_screen: 'A', screens }, walked))
    await course.open()
    await course.submit('A')
    await course.submit('D')
    const step = await course.back('D')
    assert.deepEqual([step.answer.screen, step.rejected], ['C', undefined])
  })

  test('from a screen that nothing leads to shows it again, also where requests came out of order', async () => {
    const course = new Course(flow, world)
    await course.submit('PAY', { card: '1' })
    await course.submit('START', { name: 'Ana', go: 'town' })
    assert.deepEqual(course.session.path, ['PAY', 'END', 'START'])
    const step = await course.back('START')
    assert.deepEqual([step.answer.screen, step.rejected], ['START', undefined])
  })
})

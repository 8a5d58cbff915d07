import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import type { Reply } from '../../src/flow/asking.ts'
import { Course } from '../support/course.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'
import { worldOf } from '../support/world.ts'

const text = { type: 'string', __example__: '' }
const flow = flowOf(
  {
    flow: 'club',
    title: 'Club',
    version: '1',
    first_screen: 'JOIN',
    opens_at: [
      { when: { 'asked.member.blocked': true }, show: 'SORRY' },
      { when: { 'asked.member.name': { exists: true } }, show: 'WELCOME_BACK' },
    ],
    asks: { member: { source: 'club', query: 'member' } },
    screens: {
      JOIN: { fields: { name: { type: 'text', required: true } }, next: [{ show: 'TOPIC' }] },
      WELCOME_BACK: { data: { hello: { from: 'asked.member.name' } }, next: [{ show: 'TOPIC' }] },
      SORRY: {},
      TOPIC: { fields: { topic: { type: 'text' } }, next: [{ submit: true }] },
    },
  } satisfies FlowFile,
  flowJsonOf(
    {
      JOIN: { sends: ['name'] },
      WELCOME_BACK: { sends: ['go'], data: { hello: text } },
      SORRY: { terminal: true },
      TOPIC: { sends: ['topic'], terminal: true, refreshOnBack: true },
    },
    { JOIN: ['TOPIC'], WELCOME_BACK: ['TOPIC'], SORRY: [], TOPIC: [] },
  ),
)
const courseOf = (reply: Reply) => new Course(flow, worldOf({ answer: () => reply }))
const known = (value: { name?: string; blocked?: boolean }): Reply => ({ kind: 'answered', value })

describe('a form that opens elsewhere for some people', () => {
  test('opens at the screen of the first condition that holds, else at the first screen', async () => {
    const opened = async (reply: Reply) => (await courseOf(reply).open()).answer
    assert.equal((await opened(known({}))).screen, 'JOIN')
    assert.deepEqual(await opened(known({ name: 'Ana' })), { screen: 'WELCOME_BACK', data: { hello: 'Ana' } })
    assert.equal((await opened(known({ name: 'Ana', blocked: true }))).screen, 'SORRY')
  })

  test('opens at the first screen, with words, while the source cannot say', async () => {
    const { answer } = await courseOf({ kind: 'unavailable', fallback: undefined }).open()
    assert.equal(answer.screen, 'JOIN')
    assert.match(String(answer.data['error_message']), /went wrong/)
  })

  test('is gone back to there', async () => {
    const course = courseOf(known({ name: 'Ana' }))
    await course.open()
    assert.equal((await course.submit('WELCOME_BACK')).answer.screen, 'TOPIC')
    assert.equal((await course.back('TOPIC')).answer.screen, 'WELCOME_BACK')
    await course.submit('WELCOME_BACK')
    assert.equal((await course.submit('TOPIC', { topic: 'x' })).kind, 'submit')
  })
})

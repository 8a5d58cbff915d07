import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import { Course } from '../support/course.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'
import { worldOf } from '../support/world.ts'

const flowJson = flowJsonOf(
  {
    MEMBER: { sends: ['member'] },
    END: { sends: ['note'], data: { offer: { type: 'string', __example__: '' } }, terminal: true },
    HELP: { sends: ['phone'], terminal: true },
  },
  { MEMBER: ['END', 'HELP'], END: ['HELP'], HELP: [] },
)
const flowWith = (member: Partial<FlowFile['screens'][string]>, more: Partial<FlowFile> = {}) =>
  flowOf(
    {
      flow: 'f',
      title: 'F',
      version: '1',
      first_screen: 'MEMBER',
      screens: {
        MEMBER: { fields: { member: { type: 'integer', required: true } }, next: [{ show: 'END' }], ...member },
        END: { data: { offer: 'x' }, next: [{ submit: true }] },
        HELP: { fields: { phone: { type: 'text', required: true } }, next: [{ submit: true }] },
      },
      ...more,
    },
    flowJson,
  )

describe('a form whose person was led aside is accepted without the answers of the screen they left', () => {
  test('by its way out', async () => {
    const course = new Course(flowWith({ way_out: { after: 2, show: 'HELP' } }))
    await course.open()
    await course.submit('MEMBER', { member: 'x' })
    assert.equal((await course.submit('MEMBER', { member: 'y' })).answer.screen, 'HELP')
    const step = await course.submit('HELP', { phone: '1' })
    assert.deepEqual([step.kind, step.incomplete, step.session.form], ['submit', undefined, { phone: '1' }])
  })

  test('by a trigger', async () => {
    const course = new Course(flowWith({ triggers: [{ when: { 'sent.go': 'help' }, show: 'HELP' }] }))
    await course.open()
    assert.equal((await course.submit('MEMBER', { go: 'help' })).answer.screen, 'HELP')
    assert.equal((await course.submit('HELP', { phone: '1' })).kind, 'submit')
  })

  test('by a source that cannot answer', async () => {
    const flow = flowWith(
      {
        triggers: [{ when: { 'sent.go': 'look' }, checks: ['known'] }],
        checks: [{ id: 'known', that: { 'asked.member': { exists: true } }, message: 'Unknown.' }],
      },
      { asks: { member: { source: 's', query: 'q', if_unavailable: { show: 'HELP' } } } },
    )
    const course = new Course(flow, worldOf({}))
    await course.open()
    assert.equal((await course.submit('MEMBER', { go: 'look' })).answer.screen, 'HELP')
    assert.equal((await course.submit('HELP', { phone: '1' })).kind, 'submit')
  })

  test('and not without them where they went on by themselves', async () => {
    const course = new Course(flowWith({ way_out: { after: 2, show: 'HELP' } }))
    await course.open()
    assert.deepEqual((await course.submit('END', { note: 'x' })).incomplete, ['member'])
  })
})

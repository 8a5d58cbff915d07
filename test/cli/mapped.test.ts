import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mapSession } from '../../src/cli/operator-tests/mapped.ts'
import { beginSession } from '../../src/flow/begin-session.ts'
import { flowOf, leadFlowFile, leadFlowJson, leadMappingFile, mappingOf } from '../support/flow.ts'

const NOW = new Date('2026-03-02T09:00:00Z')
const flow = flowOf(leadFlowFile, leadFlowJson)
const mapping = mappingOf({
  ...leadMappingFile,
  hand_over: {
    records: [
      {
        id: 'ticket',
        to: 'crm',
        object: 'tickets',
        operation: 'create',
        fields: { subject: { template: '{session.queue} {session.today} {session.path}' } },
      },
    ],
    notifications: [{ id: 'call', to: 'chat', title: 'See {records.ticket.id}' }],
  },
  expired: { notifications: [{ id: 'send-again', to: 'chat', title: 'Too late' }] },
})

test('a test maps what its occasion asks for, with queue, day and path as a delivery sees them', async () => {
  const begun = beginSession(flow, undefined, 'token', 'ses_1', NOW)
  const progress = { ...begun.progress, queue: 'sales' }
  const session = { ...begun, form: { email: 'ana@acme.com' }, path: ['CONTACT', 'TALK'], progress }
  const named = async (occasion: 'submitted' | 'handed_over' | 'expired') => {
    const { items, problems } = await mapSession(flow, mapping, session, occasion)
    assert.deepEqual(problems, [])
    return items
  }
  assert.deepEqual([...(await named('submitted')).keys()], ['contact', 'deal', 'tell'])
  assert.deepEqual([...(await named('expired')).keys()], ['send-again'])
  const handedOver = await named('handed_over')
  assert.deepEqual(handedOver.get('ticket'), { subject: 'sales 2026-03-02 CONTACT, TALK' })
  assert.deepEqual(handedOver.get('call'), { title: 'See test-ticket', facts: {} })
})

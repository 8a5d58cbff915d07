import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import { compileMapping } from '../../src/map/compile.ts'
import { expiredKey, handOverKey } from '../../src/map/dedupe.ts'
import { maskInput } from '../../src/map/mask.ts'
import { plan } from '../../src/map/plan.ts'
import { mapRecord } from '../../src/map/record.ts'
import { findings, scopeOf } from '../value/scope-of.ts'
import { mappingOf, rawNotification, rawRecord } from './mapping-of.ts'

const FILE: MappingFile = {
  personal: ['full_name'],
  records: [rawRecord({ fields: { name: { from: 'form.full_name' } } })],
  notifications: [rawNotification({ after: ['contact'] })],
  hand_over: {
    records: [
      rawRecord({ id: 'person', fields: { name: { from: 'form.full_name' } } }),
      rawRecord({
        id: 'ticket',
        object: 'tickets',
        links: ['person'],
        fields: { subject: { template: '{session.queue}: {form.full_name}' }, way: { expr: '$count(session.path)' } },
      }),
    ],
    notifications: [rawNotification({ id: 'call', title: '{records.ticket.url}' })],
  },
  expired: { notifications: [rawNotification({ id: 'send-again', title: 'Too late' })] },
}

describe('a mapping of several occasions', () => {
  const mapping = mappingOf(FILE)

  test('holds the items of all of them in the order written', () => {
    const names = (items: readonly { id: string; occasion: string }[]) =>
      items.map((one) => `${one.occasion} ${one.id}`)
    assert.deepEqual(names(mapping.records), ['submitted contact', 'handed_over person', 'handed_over ticket'])
    assert.deepEqual(names(mapping.notifications), ['submitted tell-sales', 'handed_over call', 'expired send-again'])
    assert.deepEqual([...mapping.occasions], ['submitted', 'handed_over', 'expired'])
    assert.deepEqual([...mappingOf({ hand_over: { records: [] }, expired: {} }).occasions], [])
  })

  test('is planned for one of them at a time', () => {
    const planned = (occasion: 'submitted' | 'handed_over' | 'expired') =>
      plan(mapping, occasion).map(({ kind, item, waitsFor }) => [kind, item, waitsFor])
    assert.deepEqual(planned('submitted'), [
      ['record', 'contact', []],
      ['notification', 'tell-sales', ['contact']],
    ])
    assert.deepEqual(planned('handed_over'), [
      ['record', 'person', []],
      ['record', 'ticket', ['person']],
      ['notification', 'call', ['ticket']],
    ])
    assert.deepEqual(planned('expired'), [['notification', 'send-again', []]])
  })

  test('has another hash where only a hand-over changed', () => {
    const { hand_over: _left, ...without } = FILE
    assert.notEqual(mappingOf(without).hash, mapping.hash)
  })

  test('sees queue and path of a hand-over, and masks its fields by what they stem from', async () => {
    const ticket = mapping.records.find(({ id }) => id === 'ticket')
    assert.ok(ticket !== undefined)
    const form = { full_name: 'Ana Souza' }
    const scope = scopeOf({ form, session: { queue: 'sales', path: ['CONTACT', 'TALK'] } })
    const mapped = await mapRecord(ticket, scope, new Map())
    assert.ok(mapped.kind === 'mapped')
    assert.deepEqual(mapped.input.fields, { subject: 'sales: Ana Souza', way: 2 })
    assert.deepEqual(maskInput(mapped.input, mapping, scope).fields, { subject: 's•••', way: 2 })
  })
})

const MISTAKES: readonly (readonly [string, MappingFile, string, string, readonly (string | number)[]])[] = [
  [
    'a link to a record of a submission',
    { records: [rawRecord()], hand_over: { records: [rawRecord({ id: 'ticket', links: ['contact'] })] } },
    'FG_CONFIG_RECORD',
    '`contact` is written when a form is submitted, and this is what happens when a person is handed over (`hand_over`)',
    ['hand_over', 'records', 0, 'links', 0],
  ],
  [
    'a wait for a record of a hand-over',
    {
      hand_over: { records: [rawRecord({ id: 'ticket' })] },
      expired: { notifications: [rawNotification({ after: ['ticket'] })] },
    },
    'FG_CONFIG_RECORD',
    'and this is what happens when a form is opened after its end (`expired`): only records of the same occasion',
    ['expired', 'notifications', 0, 'after', 0],
  ],
  [
    'a value that refers to a record of another occasion',
    {
      hand_over: { records: [rawRecord({ id: 'ticket' })] },
      notifications: [rawNotification({ text: '{records.ticket.url}' })],
    },
    'FG_CONFIG_RECORD',
    '`ticket` is written when a person is handed over',
    ['notifications', 0, 'text'],
  ],
  [
    'an id that another occasion has',
    { records: [rawRecord()], hand_over: { records: [rawRecord()] } },
    'FG_CONFIG_DUPLICATE_ID',
    'the id `contact` is taken',
    ['hand_over', 'records', 0, 'id'],
  ],
  [
    'a mistyped id, for which no record of another occasion is offered',
    {
      records: [rawRecord({ id: 'tickets' })],
      hand_over: { records: [rawRecord({ id: 'ticket' }), rawRecord({ id: 'note', links: ['tickte'] })] },
    },
    'FG_CONFIG_RECORD',
    'there is no record `tickte`: did you mean `ticket`?',
    ['hand_over', 'records', 1, 'links', 0],
  ],
  [
    'a circle inside a hand-over',
    { hand_over: { records: [rawRecord({ id: 'a', after: ['b'] }), rawRecord({ id: 'b', links: ['a'] })] } },
    'FG_CONFIG_CIRCLE',
    '`a` → `b` → `a`',
    ['hand_over', 'records', 0, 'after', 0],
  ],
  [
    'a mistake in a field',
    { expired: { records: [rawRecord({ fields: { x: { form: 'form.a' } } })] } },
    'FG_CONFIG_VALUE',
    'did you mean `from`?',
    ['expired', 'records', 0, 'fields', 'x', 'form'],
  ],
]

describe('a mapping of several occasions with a mistake:', () => {
  for (const [name, file, code, message, path] of MISTAKES) {
    test(`${name} is reported once, where it stands`, () => {
      const found = findings()
      compileMapping(file, found.report)
      assert.equal(found.all.length, 1, found.messages().join(' | '))
      assert.deepEqual([found.all[0]?.severity, found.all[0]?.code, found.all[0]?.path], ['error', code, path])
      assert.ok(found.all[0]?.message.includes(message), found.all[0]?.message)
    })
  }
})

test('keys of hand-overs and expired forms differ by flow and by session or token', () => {
  const keys = [
    handOverKey('a', 'ses_1'),
    handOverKey('a', 'ses_2'),
    handOverKey('b', 'ses_1'),
    expiredKey('a', 'ses_1'),
    expiredKey('a', 'ses_2'),
    expiredKey('b', 'ses_1'),
  ].map((key) => key.toString('hex'))
  assert.equal(new Set(keys).size, keys.length)
  assert.equal(handOverKey('a', 'ses_1').toString('hex'), keys[0])
  assert.match(keys[3] ?? '', /^[0-9a-f]{64}$/)
})

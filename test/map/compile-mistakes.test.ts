import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import { compileMapping } from '../../src/map/compile.ts'
import { findings } from '../value/scope-of.ts'
import { mappingOf, rawNotification, rawRecord } from './mapping-of.ts'

const MISTAKES: readonly (readonly [string, MappingFile, string, string, readonly (string | number)[]])[] = [
  [
    'a bad window',
    { dedupe: { window: '5 minutes' } },
    'FG_CONFIG_DURATION',
    '`5 minutes` is not a duration',
    ['dedupe', 'window'],
  ],
  [
    'on_repeat: update',
    { dedupe: { on_repeat: 'update' } },
    'FG_CONFIG_ON_REPEAT',
    'not available in this version: use `drop` or `new`',
    ['dedupe', 'on_repeat'],
  ],
  [
    'a path among names',
    { identity: ['phone', 'person.email'] },
    'FG_CONFIG_NAME',
    '`person.email` is a path: write the name alone, `email`',
    ['identity', 1],
  ],
  [
    'a path among personal fields',
    { personal: ['form.email'] },
    'FG_CONFIG_NAME',
    'write the name alone, `email`',
    ['personal', 0],
  ],
  [
    'a path among ignored fields',
    { dedupe: { ignore: ['form.time'] } },
    'FG_CONFIG_NAME',
    '`time`',
    ['dedupe', 'ignore', 0],
  ],
  [
    'an unknown record in after',
    { records: [rawRecord()], notifications: [rawNotification({ after: ['contcat'] })] },
    'FG_CONFIG_RECORD',
    'there is no record `contcat`: did you mean `contact`?',
    ['notifications', 0, 'after', 0],
  ],
  [
    'an unknown record in links',
    { records: [rawRecord({ links: ['deal'] })] },
    'FG_CONFIG_RECORD',
    'there is no record `deal`',
    ['records', 0, 'links', 0],
  ],
  [
    'an unknown record in a value',
    { records: [rawRecord({ fields: { x: { from: 'records.deal.id' } } })] },
    'FG_CONFIG_RECORD',
    'there is no record `deal`',
    ['records', 0, 'fields', 'x'],
  ],
  [
    'an unknown record in a condition',
    { records: [rawRecord({ when: { 'records.deal.id': '1' } })] },
    'FG_CONFIG_RECORD',
    'there is no record `deal`',
    ['records', 0, 'when'],
  ],
  [
    'an unknown record in a link',
    { notifications: [rawNotification({ link: { label: 'Open', url: '{records.deal.url}' } })] },
    'FG_CONFIG_RECORD',
    'there is no record `deal`',
    ['notifications', 0, 'link', 'url'],
  ],
  [
    'a link to a notification',
    { records: [rawRecord({ links: ['tell-sales'] })], notifications: [rawNotification()] },
    'FG_CONFIG_RECORD',
    '`tell-sales` is a notification',
    ['records', 0, 'links', 0],
  ],
  [
    'a wait for a notification',
    { notifications: [rawNotification({ after: ['tell-ops'] }), rawNotification({ id: 'tell-ops' })] },
    'FG_CONFIG_RECORD',
    '`tell-ops` is a notification',
    ['notifications', 0, 'after', 0],
  ],
  [
    'a part of a record that no receipt has',
    { records: [rawRecord()], notifications: [rawNotification({ text: '{records.contact.link}' })] },
    'FG_CONFIG_RECORD',
    '`records.contact.link` is always absent: a delivered record has id, url and outcome: did you mean `url`?',
    ['notifications', 0, 'text'],
  ],
  [
    'a part of a record that is mistyped',
    { records: [rawRecord(), rawRecord({ id: 'deal', when: { 'records.contact.outcom': 'created' } })] },
    'FG_CONFIG_RECORD',
    'did you mean `outcome`?',
    ['records', 1, 'when'],
  ],
  [
    'the same id twice',
    { records: [rawRecord()], notifications: [rawNotification({ id: 'contact' })] },
    'FG_CONFIG_DUPLICATE_ID',
    'the id `contact` is taken',
    ['notifications', 0, 'id'],
  ],
  [
    'the same id twice, where others name the one that is missed',
    {
      records: [
        rawRecord(),
        rawRecord({ links: ['contact'] }),
        rawRecord({ id: 'task', links: ['deal'], fields: { x: { from: 'records.deal.id' } } }),
      ],
    },
    'FG_CONFIG_DUPLICATE_ID',
    'the id `contact` is taken',
    ['records', 1, 'id'],
  ],
  [
    'an upsert without match',
    { records: [rawRecord({ operation: 'upsert' })] },
    'FG_CONFIG_MATCH',
    'the upsert of `contact` needs `match`',
    ['records', 0],
  ],
  [
    'a match that is no field',
    { records: [rawRecord({ operation: 'upsert', match: 'emial', fields: { email: 'x' } })] },
    'FG_CONFIG_MATCH',
    'not among the fields of `contact`: did you mean `email`?',
    ['records', 0, 'match'],
  ],
  [
    'a create with match',
    { records: [rawRecord({ match: 'email', fields: { email: 'x' } })] },
    'FG_CONFIG_MATCH',
    '`match` belongs to `operation: upsert`',
    ['records', 0, 'match'],
  ],
  [
    'a record that waits for itself',
    { records: [rawRecord({ after: ['contact'] })] },
    'FG_CONFIG_CIRCLE',
    '`contact` → `contact`',
    ['records', 0, 'after', 0],
  ],
  [
    'a circle of two',
    { records: [rawRecord({ after: ['deal'] }), rawRecord({ id: 'deal', links: ['contact'], after: ['contact'] })] },
    'FG_CONFIG_CIRCLE',
    '`contact` → `deal` → `contact`',
    ['records', 0, 'after', 0],
  ],
  [
    'an after that closes two circles',
    {
      records: [
        rawRecord({ after: ['task'] }),
        rawRecord({ id: 'deal', links: ['contact'] }),
        rawRecord({ id: 'task', links: ['deal', 'contact'] }),
      ],
    },
    'FG_CONFIG_CIRCLE',
    '`contact` → `task` → `deal` → `contact`',
    ['records', 0, 'after', 0],
  ],
  [
    'a circle of links alone',
    { records: [rawRecord({ links: ['deal'] }), rawRecord({ id: 'deal', links: ['contact'] })] },
    'FG_CONFIG_CIRCLE',
    '`contact` → `deal` → `contact`',
    ['records', 1, 'links', 0],
  ],
  [
    'a circle behind a record outside it',
    {
      records: [
        rawRecord({ id: 'a', after: ['b'] }),
        rawRecord({ id: 'b', after: ['c'] }),
        rawRecord({ id: 'c', fields: { x: { from: 'records.b.id' } } }),
      ],
    },
    'FG_CONFIG_CIRCLE',
    '`b` → `c` → `b`',
    ['records', 1, 'after', 0],
  ],
  [
    'a mistake in a field',
    { records: [rawRecord({ fields: { x: { form: 'form.a' } } })] },
    'FG_CONFIG_VALUE',
    'did you mean `from`?',
    ['records', 0, 'fields', 'x', 'form'],
  ],
  [
    'a mistake in a condition',
    { records: [rawRecord({ when: { 'form.a': { gt3: 1 } } })] },
    'FG_CONFIG_CONDITION',
    'unknown comparison `gt3`',
    ['records', 0, 'when', 'form.a', 'gt3'],
  ],
  [
    'a mistake in a title',
    { notifications: [rawNotification({ title: '{form.a' })] },
    'FG_CONFIG_TEMPLATE',
    'never closed',
    ['notifications', 0, 'title'],
  ],
  [
    'a write policy in a fact',
    { notifications: [rawNotification({ facts: { A: { from: 'form.a', write: 'overwrite' } } })] },
    'FG_CONFIG_WRITE',
    'belongs to a field of a record',
    ['notifications', 0, 'facts', 'A', 'write'],
  ],
  [
    'a write policy where files are attached',
    { records: [rawRecord({ fields: { a: 1 }, files: [{ from: 'form.a', write: 'append' }] })] },
    'FG_CONFIG_WRITE',
    'belongs to a field of a record',
    ['records', 0, 'files', 0, 'write'],
  ],
  [
    'what was before a create',
    { records: [rawRecord({ keep_before: true, fields: { a: 1 } })] },
    'FG_CONFIG_WRITE',
    'nothing stands in what is created',
    ['records', 0, 'keep_before'],
  ],
  [
    'a field that finds the record and is added to',
    { records: [rawRecord({ operation: 'upsert', match: 'm', fields: { m: { from: 'form.a', write: 'append' } } })] },
    'FG_CONFIG_WRITE',
    '`m` finds the record, so it cannot be written with `append`',
    ['records', 0, 'fields', 'm', 'write'],
  ],
  [
    'a field that finds the record and only moves forward',
    {
      records: [
        rawRecord({ operation: 'upsert', match: 'm', fields: { m: { from: 'form.a', write: 'forward_only' } } }),
      ],
    },
    'FG_CONFIG_WRITE',
    '`m` finds the record, so it cannot be written with `forward_only`',
    ['records', 0, 'fields', 'm', 'write'],
  ],
  [
    'a field that finds the record and is cleared',
    { records: [rawRecord({ operation: 'upsert', match: 'm', fields: { m: { from: 'form.a', clear: true } } })] },
    'FG_CONFIG_WRITE',
    'never blank and never cleared',
    ['records', 0, 'fields', 'm', 'clear'],
  ],
]

describe('a mapping with a mistake:', () => {
  for (const [name, file, code, message, path] of MISTAKES) {
    test(`${name} is reported once, where it stands`, () => {
      const found = findings()
      compileMapping(file, found.report)
      assert.equal(found.all.length, 1, found.messages().join(' | '))
      assert.deepEqual([found.all[0]?.severity, found.all[0]?.code, found.all[0]?.path], ['error', code, path])
      assert.ok(found.all[0]?.message.includes(message), found.all[0]?.message)
    })
  }

  test('records that wait for the same one twice are no circle', () => {
    const file = {
      records: [
        rawRecord({ id: 'a' }),
        rawRecord({ id: 'b', after: ['a'] }),
        rawRecord({ id: 'c', after: ['a', 'b'] }),
      ],
    }
    assert.deepEqual(mappingOf(file).records[2]?.waitsFor, ['a', 'b'])
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import pg from 'pg'
import { TooManyRows } from '../../../../plugins/sql/connect/rows.ts'
import { OutOfTime } from '../../../../plugins/sql/connect/transaction.ts'
import { brokenConnection } from '../../../../plugins/sql/connect/trouble.ts'
import plugin from '../../../../plugins/sql/index.ts'
import { failureOf } from '../../../../plugins/sql/records/failure.ts'
import type { Column, Table } from '../../../../plugins/sql/records/table.ts'

const TYPED = 'a-person-typed'

/** An error as the driver of PostgreSQL makes it of what the server sends. */
const fromPostgres = (code: string, more: object = {}) =>
  Object.assign(new pg.DatabaseError(`the words, with "${TYPED}"`, 1, 'error'), { code, ...more })

/** An error as the driver of MySQL makes it of what the server sends. */
const fromMysql = (errno: number, sqlState: string, sqlMessage = `the words, with '${TYPED}'`) =>
  Object.assign(new Error(sqlMessage), { errno, sqlState, sqlMessage })

const column = (name: string): Column => {
  return { name, label: name, kind: 'text', nullable: true, filled: false, fixed: false, rights: [] }
}

const LEADS: Table = {
  schema: 'public',
  name: 'leads',
  label: 'leads',
  columns: new Map(['email', 'phone', 'company_id'].map((name) => [name, column(name)])),
  keys: [{ name: 'leads_phone_key', columns: ['phone'], primary: false }],
}

function told(error: unknown): string {
  const failure = failureOf(error, { object: 'leads', table: LEADS })
  assert.ok(failure !== undefined)
  assert.doesNotMatch(JSON.stringify(failure), /a-person-typed/)
  if (failure.kind !== 'permanent') return `${failure.kind} ${failure.code.replace('FG_SQL_', '')}`
  return [`${failure.scope} ${failure.code.replace('FG_SQL_', '')}`, ...(failure.fields ?? [])].join(' ')
}

const POSTGRES: Readonly<Record<string, readonly string[]>> = {
  'destination LOGIN': ['28P01', '28000', '3D000'],
  'destination RIGHTS': ['42501'],
  'destination NOT_PREPARED': ['42P10'],
  'retryable SCHEMA_CHANGED': ['42P01', '42703', '3F000'],
  'record STATEMENT': ['42601', '42804', '42883', '0A000', '21000', '2D000', '38000', '39004'],
  'record VALUE': ['22P02', '22003', '22021', '22001', '23502', '23514', '44000', 'P0001', '54000', '45000', 'U0001'],
  'record TAKEN': ['23505', '23P01'],
  'record REFERENCE': ['23503'],
  'retryable BUSY': ['40001', '40P01', '55P03'],
  'retryable TIMEOUT': ['57014', '25P04'],
  'retryable UNAVAILABLE': [
    '08006',
    '53300',
    '53100',
    '57P01',
    '57P02',
    '57P03',
    'XX000',
    '25P03',
    '25006',
    '55000',
    '58030',
  ],
}

const MYSQL: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  'destination LOGIN': [
    [1045, '28000'],
    [1049, '42000'],
    [1044, '42000'],
  ],
  'destination RIGHTS': [
    [1142, '42000'],
    [1143, '42000'],
  ],
  'retryable SCHEMA_CHANGED': [
    [1146, '42S02'],
    [1054, '42S22'],
  ],
  'record STATEMENT': [
    [1064, '42000'],
    [1442, 'HY000'],
    [1288, 'HY000'],
    [1235, '0A000'],
  ],
  'record VALUE': [
    [1366, 'HY000'],
    [1292, '22007'],
    [1265, '01000'],
    [1264, '22003'],
    [1406, '22001'],
    [1048, '23000'],
    [1364, 'HY000'],
    [3819, 'HY000'],
    [4025, '23000'],
    [1267, 'HY000'],
    [1526, 'HY000'],
    [1153, '08S01'],
    [1644, '99001'],
    [50001, '45000'],
    [50001, 'U0001'],
  ],
  'record TAKEN': [[1062, '23000']],
  'record REFERENCE': [[1452, '23000']],
  'retryable BUSY': [
    [1213, '40001'],
    [1205, 'HY000'],
    [1020, 'HY000'],
  ],
  'retryable TIMEOUT': [
    [1317, '70100'],
    [1969, '70100'],
    [3024, 'HY000'],
  ],
  'retryable UNAVAILABLE': [
    [1040, '08004'],
    [1053, '08S01'],
    [1290, 'HY000'],
    [1461, '42000'],
    [9999, 'HY000'],
  ],
}

describe('what a server says of a write', () => {
  for (const [expected, codes] of Object.entries(POSTGRES)) {
    test(`in PostgreSQL's codes ${codes.join(', ')} is ${expected}`, () => {
      for (const code of codes) assert.equal(told(fromPostgres(code)), expected, code)
    })
  }
  for (const [expected, codes] of Object.entries(MYSQL)) {
    test(`in MySQL's numbers ${codes.map(([errno]) => errno).join(', ')} is ${expected}`, () => {
      for (const [errno, state] of codes) assert.equal(told(fromMysql(errno, state, 'words')), expected, String(errno))
    })
  }

  test('names columns that the table has, and nothing else that it says', () => {
    assert.equal(told(fromPostgres('23502', { column: 'email' })), 'record VALUE email')
    assert.equal(told(fromPostgres('23502', { column: TYPED })), 'record VALUE')
    assert.equal(told(fromPostgres('23505', { constraint: 'leads_phone_key' })), 'record TAKEN phone')
    assert.equal(told(fromPostgres('23505', { constraint: TYPED })), 'record TAKEN')
    const say = (errno: number, words: string) => told(fromMysql(errno, '23000', words))
    assert.equal(say(1048, "Column 'email' cannot be null"), 'record VALUE email')
    assert.equal(say(1364, "Field 'email' doesn't have a default value"), 'record VALUE email')
    assert.equal(say(1406, "Data too long for column 'email' at row 1"), 'record VALUE email')
    const wrong = `Incorrect integer value: '${TYPED}' for column \`db\`.\`leads\`.\`phone\` at row 1`
    assert.equal(say(1366, wrong), 'record VALUE phone')
    assert.equal(say(1366, `Incorrect value: 'x' for column '${TYPED}' at row 1`), 'record VALUE')
    assert.equal(say(1062, `Duplicate entry '${TYPED}' for key 'leads_phone_key'`), 'record TAKEN phone')
    assert.equal(say(1062, `Duplicate entry '${TYPED}' for key 'leads.leads_phone_key'`), 'record TAKEN phone')
    const child = `a foreign key constraint fails (\`db\`.\`leads\`, CONSTRAINT \`fk\` FOREIGN KEY (\`company_id\`) REFERENCES \`companies\` (\`id\`))`
    assert.equal(say(1452, `Cannot add or update a child row: ${child}`), 'record REFERENCE company_id')
  })

  test('of a server that follows another is a failure that passes', () => {
    // Whatever language its messages are in.
    assert.equal(told(fromPostgres('0A000', { routine: 'call_bool_check_hook' })), 'retryable UNAVAILABLE')
  })

  test('of a row that a policy forbids stops this record, not the destination', () => {
    assert.equal(told(fromPostgres('42501', { routine: 'ExecWithCheckOptions' })), 'record VALUE')
    assert.equal(told(fromPostgres('42501', { routine: 'aclcheck_error' })), 'destination RIGHTS')
  })

  test('of a table that is as it was when it was read again is not that it changed', () => {
    for (const error of [fromPostgres('42703'), fromPostgres('42P10'), fromMysql(1146, '42S02', 'words')]) {
      const failure = failureOf(error, { object: 'leads', table: LEADS, asItWas: true })
      assert.deepEqual([failure?.kind, failure?.code], ['permanent', 'FG_SQL_STATEMENT'])
    }
  })

  test('names the function that it happened in, and none of the statements there', () => {
    const where = `SQL statement "insert into log values ('${TYPED}')"\nPL/pgSQL function tidy() line 3 at EXECUTE`
    for (const code of ['P0001', '42703', '23514']) {
      const error = fromPostgres(code, { where })
      assert.doesNotMatch(told(error), /tidy/)
      const message = failureOf(error, { object: 'leads', table: LEADS, asItWas: true })?.message ?? ''
      assert.match(message, new RegExp(`[(]${code} in tidy, line 3[)]`))
    }
  })
})

test('what is no word of a server is told as well, and what is not of this plugin is not claimed', () => {
  assert.equal(told(new OutOfTime('x')), 'retryable TIMEOUT')
  assert.equal(told(new TooManyRows('x')), 'retryable UNAVAILABLE')
  assert.equal(told(brokenConnection(new Error(TYPED), {})), 'retryable UNREACHABLE')
  assert.equal(told(brokenConnection(new Error(TYPED), { [TYPED]: 'crowded' })), 'retryable CROWDED')
  assert.equal(told(brokenConnection(new Error(TYPED), { [TYPED]: 'tls' })), 'destination TLS')
  const known = new FailureError({ kind: 'retryable', code: 'x', message: 'x' })
  for (const error of [new Error('x'), new TypeError('x'), undefined, 'x', known]) {
    assert.equal(plugin.classify(error), undefined)
  }
  assert.equal(failureOf(known), known.failure)
  assert.equal(plugin.classify(fromPostgres('28P01'))?.code, 'FG_SQL_LOGIN')
})

test('every code that the plugin gives is explained', () => {
  const codes = [...Object.keys(POSTGRES), ...Object.keys(MYSQL)].map((words) => `FG_SQL_${words.split(' ')[1]}`)
  for (const code of codes) assert.ok(Object.hasOwn(plugin.failureCodes ?? {}, code), code)
})

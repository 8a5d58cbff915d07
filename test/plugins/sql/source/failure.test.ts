import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import pg from 'pg'
import { brokenConnection } from '../../../../plugins/sql/connect/trouble.ts'
import { failureOf } from '../../../../plugins/sql/queries/failure.ts'
import { readQueryFile } from '../../../../plugins/sql/queries/query-file.ts'
import plugin from '../../../../plugins/sql/source.ts'

/** An error as the driver of PostgreSQL makes it of what the server sends. */
const fromPostgres = (code: string, more: object = {}) =>
  Object.assign(new pg.DatabaseError('the words, with "a-person-typed"', 1, 'error'), { code, ...more })

/** An error as the driver of MySQL makes it of what the server sends. */
const fromMysql = (errno: number, sqlState: string, sqlMessage = "the words, with 'a-person-typed'") =>
  Object.assign(new Error(sqlMessage), { errno, sqlState, sqlMessage })

/** `kind` of a failure, with its scope, and its code behind FG_SQL_SOURCE_. */
function told(error: unknown): string {
  const failure = failureOf(error)
  assert.ok(failure !== undefined)
  assert.doesNotMatch(failure.message, /a-person-typed/)
  const scope = failure.kind === 'permanent' ? `/${failure.scope}` : ''
  return `${failure.kind}${scope} ${failure.code.replace('FG_SQL_SOURCE_', '')}`
}

const POSTGRES: Readonly<Record<string, readonly string[]>> = {
  'permanent/destination LOGIN': ['28P01', '28000', '3D000'],
  'permanent/record RIGHTS': ['42501'],
  'permanent/record STATEMENT': ['42P01', '42703', '42601', '42883', '42P18', '0A000', '21000', '3F000'],
  'permanent/record VALUE': ['22P02', '22003', '22021', '23502', '23503', '23514', '44000', 'P0001'],
  'retryable BUSY': ['40001', '40P01', '55P03'],
  'retryable TIMEOUT': ['57014'],
  'retryable UNAVAILABLE': ['08006', '53300', '57P01', '57P02', '57P03', 'XX000', '25P03', '25006'],
}

const MYSQL: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  'permanent/destination LOGIN': [
    [1045, '28000'],
    [1049, '42000'],
    [1044, '42000'],
    [1130, 'HY000'],
    [1698, '28000'],
  ],
  'permanent/record RIGHTS': [
    [1142, '42000'],
    [1143, '42000'],
    [1370, '42000'],
  ],
  'permanent/record STATEMENT': [
    [1064, '42000'],
    [1146, '42S02'],
    [1054, '42S22'],
    [1305, '42000'],
    [1242, '21000'],
  ],
  'permanent/record VALUE': [
    [1366, 'HY000'],
    [1292, '22007'],
    [1406, '22001'],
    [1048, '23000'],
    [1452, '23000'],
    [4025, '23000'],
    [1644, '45000'],
  ],
  'retryable BUSY': [
    [1213, '40001'],
    [1205, 'HY000'],
    [3572, 'HY000'],
  ],
  'retryable TIMEOUT': [
    [1317, '70100'],
    [1969, '70100'],
    [3024, 'HY000'],
  ],
  'retryable UNAVAILABLE': [
    [1040, '08004'],
    [1203, '42000'],
    [1053, '08S01'],
    [1290, 'HY000'],
    [1927, '70100'],
    [9999, 'HY000'],
  ],
}

describe('what a server says', () => {
  for (const [expected, codes] of Object.entries(POSTGRES)) {
    test(`in PostgreSQL's codes ${codes.join(', ')} is ${expected}`, () => {
      for (const code of codes) assert.equal(told(fromPostgres(code)), expected, code)
    })
  }
  for (const [expected, codes] of Object.entries(MYSQL)) {
    test(`in MySQL's numbers ${codes.map(([errno]) => errno).join(', ')} is ${expected}`, () => {
      const words = 'harmless'
      for (const [errno, state] of codes) assert.equal(told(fromMysql(errno, state, words)), expected, String(errno))
    })
  }

  test('is repeated where it can quote the query alone, and nowhere else', () => {
    const message = (error: unknown) => failureOf(error)?.message ?? ''
    const column = Object.assign(new pg.DatabaseError('column "nmae" does not exist', 1, 'error'), { code: '42703' })
    assert.match(message(Object.assign(column, { position: '8' })), /column "nmae" does not exist/)
    // What a function runs may be made of values.
    assert.doesNotMatch(message(Object.assign(column, { where: 'PL/pgSQL function' })), /nmae/)
    assert.doesNotMatch(message(fromPostgres('42P01')), /typed/)
    assert.doesNotMatch(message(fromPostgres('42501')), /typed/)
    assert.match(message(fromMysql(1054, '42S22', "Unknown column 'nmae' in 'SELECT'")), /nmae/)
    assert.doesNotMatch(message(fromMysql(1230, '42000')), /typed/)
    assert.ok(message(fromMysql(1064, '42000', 'near '.repeat(1_000))).length < 500)
  })

  test('is told with the query and the line it stands in', () => {
    const text = '-- name: one\nselect 1\n-- name: two\nselect id,\n  nmae\nfrom slots'
    const query = readQueryFile(text, { file: 'a.sql', dialect: 'postgres', writes: false }).get('two')
    assert.ok(query !== undefined)
    const asked = { query, file: 'a.sql' }
    const at = (error: unknown) => /\(([^)]+)\)/.exec(failureOf(error, asked)?.message ?? '')?.[1]
    assert.equal(at(fromPostgres('42703', { position: String(query.text.indexOf('nmae') + 1) })), 'a.sql:5')
    assert.equal(at(fromPostgres('42501')), 'a.sql:4')
    assert.equal(at(fromMysql(1064, '42000', "syntax near 'slots' at line 3")), 'a.sql:6')
    assert.equal(failureOf(fromPostgres('25006'), asked)?.code, 'FG_SQL_SOURCE_READ_ONLY')
    assert.equal(failureOf(fromMysql(1792, '25006'), asked)?.code, 'FG_SQL_SOURCE_READ_ONLY')
  })
})

describe('what a driver says', () => {
  test('of a connection is a failure that passes, of a certificate one that does not', () => {
    const of = (error: unknown) => told(brokenConnection(error, { 'no SSL': 'tls', NO_LOGIN: 'login' }))
    for (const code of [
      'ECONNREFUSED',
      'ECONNRESET',
      'ENOTFOUND',
      'ETIMEDOUT',
      'EAI_AGAIN',
      'PROTOCOL_CONNECTION_LOST',
    ]) {
      assert.equal(of(Object.assign(new Error('a-person-typed'), { code })), 'retryable UNREACHABLE')
    }
    assert.equal(of(new Error('Connection terminated unexpectedly, a-person-typed')), 'retryable UNREACHABLE')
    assert.equal(of('nothing an error'), 'retryable UNREACHABLE')
    for (const code of ['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID']) {
      assert.equal(of(Object.assign(new Error('a-person-typed'), { code })), 'permanent/destination TLS')
    }
    assert.equal(of(new Error('there is no SSL here')), 'permanent/destination TLS')
    assert.equal(of(Object.assign(new Error('x'), { code: 'NO_LOGIN' })), 'permanent/destination LOGIN')
  })

  test('is known to the plugin, and what anybody else throws is not', () => {
    assert.equal(plugin.classify(fromPostgres('28P01'))?.code, 'FG_SQL_SOURCE_LOGIN')
    assert.equal(plugin.classify(fromMysql(1045, '28000'))?.code, 'FG_SQL_SOURCE_LOGIN')
    assert.equal(plugin.classify(brokenConnection(new Error('x'), {}))?.code, 'FG_SQL_SOURCE_UNREACHABLE')
    const failure = { kind: 'retryable', code: 'x', message: 'x' } as const
    const foreign = [new Error('x'), new TypeError('x'), undefined, 'x', new FailureError(failure)]
    for (const error of foreign) assert.equal(plugin.classify(error), undefined)
    assert.equal(failureOf(new FailureError(failure)), failure)
    assert.equal(plugin.classify(Object.assign(new Error('x'), { errno: -111, code: 'ECONNREFUSED' })), undefined)
  })
})

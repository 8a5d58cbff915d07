import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sourceConformance } from 'flowgate/plugin/testing'
import plugin from '../../../../plugins/sql/source.ts'
import { hasMariadb, Mariadb } from '../../../support/mariadb.ts'
import { AUTHORITY, SERVER_CERTIFICATE, SERVER_KEY } from './certificates.ts'
import { documentationTests } from './documented.ts'
import { enduringTests } from './enduring.ts'
import { call, failureOf, sourceOn } from './ground.ts'
import { MARIADB_WORDS, mariadbGround } from './mariadb-ground.ts'
import { mariadbStage } from './mariadb-stage.ts'
import { readingTests } from './reading.ts'
import { reservingTests } from './reserving.ts'

test('MySQL and MariaDB: the dialect is tried on a real server, always where CI is set', () => {
  const cure =
    'MariaDB is not installed, so the dialect would go untried: apt-get install mariadb-server, as .ci/run does.'
  assert.ok(hasMariadb() || process.env['CI'] === undefined, cure)
  if (!hasMariadb()) console.log('MariaDB is not installed: what needs its server was not tried.')
})

if (hasMariadb()) testOnServer(await Mariadb.start({ certificate: SERVER_CERTIFICATE, key: SERVER_KEY }))

function testOnServer(server: Mariadb): void {
  after(() => server[Symbol.asyncDispose]())
  const ground = () => mariadbGround(server)
  readingTests('MariaDB', ground, MARIADB_WORDS)
  reservingTests('MariaDB', ground, MARIADB_WORDS)
  enduringTests('MariaDB', ground, MARIADB_WORDS)
  documentationTests('MariaDB', 'mysql', ground)
  sourceConformance({ name: 'MariaDB', plugin, stage: () => mariadbStage(server), without: ['rate limits'] })

  test('MariaDB: every column arrives as JSON, and nothing is lost on the way', async () => {
    await using database = await ground()
    await database.run(`
      create table every_type (day date, moment datetime, fine datetime(3), stamp timestamp(6) null, clock time, tiny tinyint,
        yes boolean, safe bigint, large bigint, unsigned_one bigint unsigned, price decimal(10, 2), exact decimal(30, 4),
        single float, bits bit(3), bytes varbinary(3), document json, words text, chosen enum('a', 'b'), year_of year);
      insert into every_type values ('2026-03-01', '2026-03-01 09:30', '2026-03-01 09:30:00.250',
        '2026-03-01 09:30:00.123456', '09:30', -1, true, 9007199254740991, -9007199254740993, 18446744073709551615,
        -12.50, 12345678901234567890.5, 0.1, b'101', x'00ff10', '{"a": [1, null]}', 'é', 'b', 2026);
      insert into every_type values ();
    `)
    await using source = await sourceOn(database, '-- name: values\nselect * from every_type order by day is null')
    const answer = await source.read('values', {}, call())
    assert.ok(Array.isArray(answer))
    assert.deepEqual(answer[0], {
      day: '2026-03-01',
      moment: '2026-03-01T09:30:00',
      fine: '2026-03-01T09:30:00.250',
      stamp: '2026-03-01T09:30:00.123456',
      clock: '09:30:00',
      tiny: -1,
      yes: 1,
      safe: 9007199254740991,
      large: '-9007199254740993',
      unsigned_one: '18446744073709551615',
      price: -12.5,
      exact: '12345678901234567890.5000',
      single: 0.1,
      bits: 5,
      bytes: 'AP8Q',
      document: { a: [1, null] },
      words: 'é',
      chosen: 'b',
      year_of: 2026,
    })
    assert.deepEqual(new Set(Object.values(answer[1] ?? {})), new Set([null]))
  })

  test('MariaDB: a list and an object are bound as JSON', async () => {
    await using database = await ground()
    const queries = `-- name: some\nselect id from slots where json_contains(:ids, id) order by id\n-- name: code\nselect json_value(:filter, '$.code') as code`
    await using source = await sourceOn(database, queries)
    assert.deepEqual(await source.read('some', { ids: [1, 5] }, call()), [{ id: 1 }, { id: 5 }])
    assert.deepEqual(await source.read('code', { filter: { code: `a'b"` } }, call()), [{ code: `a'b"` }])
  })

  test('MariaDB: the server itself ends what takes too long, and a number too many is told by its column', async () => {
    await using database = await ground()
    const queries = '-- name: limits\nselect @@max_statement_time as statement, @@innodb_lock_wait_timeout as wait'
    await using source = await sourceOn(database, queries)
    assert.deepEqual(await source.read('limits', {}, call()), [{ statement: 5, wait: 5 }])
  })

  test('MariaDB: a connection is encrypted as `tls` says, and only to the host its certificate is for', async () => {
    await using database = await ground()
    const queries = `-- name: cipher\nselect variable_value <> '' as encrypted from information_schema.session_status where variable_name = 'ssl_cipher'`
    const files = { 'authority.pem': AUTHORITY }
    const byName = new URL(database.url)
    byName.hostname = 'localhost'
    const verified = { tls: 'verified', tls_ca: 'authority.pem' } as const
    await using open = await sourceOn(database, queries)
    assert.deepEqual(await open.read('cipher', {}, call()), [{ encrypted: 0 }])
    await using unverified = await sourceOn({ url: `${database.url}?ssl-mode=REQUIRED` }, queries)
    assert.deepEqual(await unverified.read('cipher', {}, call()), [{ encrypted: 1 }])
    await using good = await sourceOn({ url: byName.href }, queries, verified, files)
    assert.deepEqual(await good.read('cipher', {}, call()), [{ encrypted: 1 }])
    await using untrusted = await sourceOn({ url: byName.href }, queries, { tls: 'verified' })
    assert.equal((await failureOf(untrusted.read('cipher', {}, call()))).code, 'FG_SQL_SOURCE_TLS')
    // The driver would take a certificate for localhost as one for every number.
    const byNumber = await failureOf(sourceOn(database, queries, verified, files))
    assert.equal(byNumber.code, 'FG_SQL_SOURCE_ADDRESS')
    assert.match(byNumber.message, /write the name/)
  })
}

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { AddressError, readServer } from '../../../../plugins/sql/connect/server.ts'
import type { SqlSourceConfig } from '../../../../plugins/sql/queries/settings.ts'
import plugin from '../../../../plugins/sql/source.ts'
import { pluginContext } from '../../../support/plugin-context.ts'
import { failureOf } from './ground.ts'

const URL_WITH_SECRET = 'postgres://reader:s3cret@db.example.com/booking'
const files = (texts: Readonly<Record<string, string>>) =>
  pluginContext({
    readFile: async (path) => {
      const text = texts[path]
      if (text === undefined) throw new Error(`there is no file ${path} in the configuration folder.`)
      return text
    },
  })

describe('an address', () => {
  test('is taken apart, with what is written with % as it is meant', () => {
    assert.deepEqual(readServer('postgres://flow%40gate:a%2Fb%23c%25@db.example.com/book%20ings'), {
      dialect: 'postgres',
      host: 'db.example.com',
      port: 5432,
      account: 'flow@gate',
      password: 'a/b#c%',
      database: 'book ings',
      tls: undefined,
    })
    const { dialect, host, port, password } = readServer('mariadb://reader@[::1]:3307/booking')
    assert.deepEqual({ dialect, host, port, password }, { dialect: 'mysql', host: '::1', port: 3307, password: '' })
    assert.equal(readServer('MySQL://a@b/c').port, 3306)
    assert.equal(readServer('postgresql://a@b/c').dialect, 'postgres')
  })

  test('says how to encrypt in the words of the programs of its server', () => {
    const tls = (query: string) => readServer(`postgres://a@b/c?${query}`).tls
    assert.equal(tls('sslmode=disable'), 'off')
    assert.equal(tls('sslmode=require'), 'unverified')
    assert.equal(tls('sslmode=verify-ca'), 'verified')
    assert.equal(tls('sslmode=verify-full'), 'verified')
    assert.equal(readServer('mysql://a@b/c?ssl-mode=REQUIRED').tls, 'unverified')
    assert.equal(readServer('mysql://a@b/c?ssl-mode=VERIFY_IDENTITY').tls, 'verified')
  })

  const refused: readonly (readonly [url: string, says: RegExp])[] = [
    ['sqlite://s3cret', /begins with postgres:\/\//],
    ['postgres://reader:s3cret#1@host/booking', /special characters|has a #/],
    ['postgres://reader:s3cret@host:port/booking', /special characters/],
    ['postgres://reader:s3cret%@host/booking', /% that begins no character/],
    ['postgres://:s3cret@host/booking', /names no account/],
    ['postgres://reader:s3cret@host', /names no database/],
    ['postgres://reader:s3cret@host/a/b', /names no database/],
    ['postgres:///booking', /names no host: sockets/],
    ['postgres://reader:s3cret@%2Fvar%2Frun/booking', /names no host: sockets/],
    ['postgres://reader:s3cret@host/booking?host=/var/run', /something other than `sslmode`/],
    ['mysql://reader:s3cret@host/booking?multipleStatements=true', /something other than `sslmode`/],
    ['postgres://reader:s3cret@host/booking?sslmode=prefer', /leaves encryption open/],
    ['postgres://reader:s3cret@host/booking#fragment', /has a #/],
  ]
  for (const [url, says] of refused) {
    test(`that nothing can be reached by is refused and not repeated: ${url}`, () => {
      assert.throws(
        () => readServer(url),
        (error) => error instanceof AddressError && says.test(error.message) && !/s3cret|booking/.test(error.message),
      )
    })
  }
})

describe('a source', () => {
  const config: SqlSourceConfig = { url: URL_WITH_SECRET, queries: './queries/calendar.sql' }
  const good = { './queries/calendar.sql': '-- name: one\nselect 1 where :a = :b' }

  test('is set up without reaching its database, and closed again', async () => {
    const source = await plugin.configure(config, files(good))
    await source.close()
  })

  test('names its queries, also while its address is not known', async () => {
    const queries = [{ name: 'one', parameters: ['a', 'b'], purpose: 'read' }]
    assert.deepEqual(await plugin.queries?.(config, files(good)), queries)
    const unset = { ...config, url: `\${BOOKING_DATABASE_URL}` }
    assert.deepEqual(await plugin.queries?.(unset, files(good)), queries)
    const ofMysql = { './queries/calendar.sql': "-- name: one\nselect 1 # isn't :c\nwhere :a = :b" }
    assert.deepEqual(await plugin.queries?.(unset, files(ofMysql)), queries)
  })

  test('is refused with every mistake of its file, by name and line, and with why a file cannot be read', async () => {
    const bad = { './queries/calendar.sql': '-- name: one\nselect :key\n-- name: two' }
    const mistakes =
      'queries/calendar.sql:2: :key is what a reservation is held under, and the query one only reads: use another name. ' +
      'queries/calendar.sql:3: the query two has no text.'
    const failure = await failureOf(Promise.resolve(plugin.configure(config, files(bad))))
    assert.deepEqual(failure, {
      kind: 'permanent',
      scope: 'destination',
      code: 'FG_SQL_SOURCE_QUERIES',
      message: mistakes,
    })
    await assert.rejects(async () => plugin.queries?.(config, files(bad)), { message: mistakes })
    const missing = await failureOf(Promise.resolve(plugin.configure(config, files({}))))
    assert.equal(missing.code, 'FG_SQL_SOURCE_QUERIES')
    assert.match(missing.message, /there is no file/)
  })

  test('is refused where its address, or the certificates it is to trust, cannot be used', async () => {
    const noDatabase = { ...config, url: 'postgres://reader:s3cret@host' }
    const byNumber = { ...config, url: 'mysql://reader:s3cret@10.0.0.7/booking', tls: 'verified' as const }
    const noFile = { ...config, tls: 'verified' as const, tls_ca: 'ca.pem' }
    for (const different of [noDatabase, byNumber, noFile]) {
      const failure = await failureOf(Promise.resolve(plugin.configure(different, files(good))))
      assert.equal(failure.code, 'FG_SQL_SOURCE_ADDRESS')
      assert.doesNotMatch(failure.message, /s3cret/)
    }
  })

  test('takes the settings its schema describes and no others', () => {
    const valid = new Ajv2020({ strict: true }).compile(plugin.configSchema)
    const whole = { ...config, writes: true, connections: 5, connect_within_ms: 500, tls: 'verified', tls_ca: 'ca.pem' }
    assert.equal(valid(config), true)
    assert.equal(valid(whole), true)
    const wrong = [
      { queries: 'a.sql' },
      { ...config, url: 'https://example.com' },
      { ...config, tls: 'prefer' },
      { ...config, connections: 0 },
      { ...config, multipleStatements: true },
    ]
    for (const one of wrong) assert.equal(valid(one), false, JSON.stringify(one))
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, failureOf, type Ground, sourceOn, type Words } from './ground.ts'

const HOSTILE = [
  `' or '1'='1`,
  `'; drop table slots; -- `,
  `"; drop table slots; -- `,
  `\\' or 1=1 -- `,
  `\\'; delete from slots; -- `,
  `slot-1' union select held_by from slots -- `,
  '$1',
  ':code',
  '?',
  '*/ or 1=1 /*',
  '%',
  'ção 🙂 𝒳',
]

/** Registers what any source of this plugin promises of reading. */
export function readingTests(name: string, makeGround: () => Promise<Ground>, words: Words): void {
  test(`${name}: a query answers rows, its parameters bound wherever they stand`, async () => {
    await using ground = await makeGround()
    await using source = await sourceOn(
      ground,
      `
        -- name: slots
        select id, code /* not :this */ from slots where code = :code or (id = :id and code <> ':code') order by id;
        -- name: some
        select id from slots order by id limit :many
      `,
    )
    assert.deepEqual(await source.read('slots', { code: 'slot-3', id: 1, more: 'unused' }, call()), [
      { id: 1, code: 'slot-1' },
      { id: 3, code: 'slot-3' },
    ])
    assert.deepEqual(await source.read('slots', { code: 'nobody', id: '77' }, call()), [])
    assert.deepEqual(await source.read('slots', { code: null, id: null }, call()), [])
    assert.deepEqual(await source.read('some', { many: 2 }, call()), [{ id: 0 }, { id: 1 }])
  })

  test(`${name}: what a person types stays a value, whatever it looks like`, async () => {
    await using ground = await makeGround()
    await using source = await sourceOn(
      ground,
      `
        -- name: by_code
        select id from slots where code = :code
        -- name: echo
        select ${words.typed} as typed
      `,
    )
    for (const hostile of HOSTILE) {
      assert.deepEqual(await source.read('by_code', { code: hostile }, call()), [], hostile)
      assert.deepEqual(await source.read('echo', { typed: hostile }, call()), [{ typed: hostile }])
    }
    // Zero equals every text without digits where a server compares it as a number.
    assert.deepEqual(await source.read('by_code', { code: 0 }, call()), [])
    assert.deepEqual(await source.read('by_code', { code: false }, call()), [])
    assert.deepEqual(await source.read('by_code', { code: { or: '1=1' } }, call()), [])
    assert.equal((await ground.run('select id from slots where held_by is null')).length, 10)
  })

  test(`${name}: a thousand rows are answered, one more is a failure that says to limit them`, async () => {
    await using ground = await makeGround()
    await using source = await sourceOn(ground, `-- name: series\n${words.series}`, { connections: 1 })
    const rows = await source.read('series', { many: 1_000 }, call())
    assert.equal(Array.isArray(rows) && rows.length, 1_000)
    for (const many of [1_001, 2_000]) {
      const failure = await failureOf(source.read('series', { many }, call()))
      assert.equal(failure.kind, 'permanent')
      assert.equal(failure.code, 'FG_SQL_SOURCE_TOO_MANY_ROWS')
      assert.match(failure.message, /limit/)
    }
    assert.deepEqual(await source.read('series', { many: 1 }, call()), [{ n: 1 }])
  })

  test(`${name}: a query that is not marked cannot write, not even through a function`, async () => {
    await using ground = await makeGround()
    await ground.run(words.writingFunction)
    const queries =
      '-- name: sneaky\nselect take_all() as taken\n-- name: taken\nselect id from slots where held_by is not null'
    await using source = await sourceOn(ground, queries, { connections: 1 })
    for (let time = 0; time < 2; time += 1) {
      const failure = await failureOf(source.read('sneaky', {}, call()))
      assert.equal(failure.kind, 'permanent')
      assert.equal(failure.code, 'FG_SQL_SOURCE_READ_ONLY')
      assert.match(failure.message, /^The query sneaky \(queries\.sql:2\) writes .*\(reserve\)/)
      assert.deepEqual(await source.read('taken', {}, call()), [])
    }
  })

  test(`${name}: a query asked without its parameter, under another name or for another purpose is not run`, async () => {
    await using ground = await makeGround()
    await using source = await sourceOn(
      ground,
      `
        -- name: by_code
        select id from slots where code = :code and id = :id
        -- name: hold (reserve)
        update slots set held_by = :key where id = :id
      `,
    )
    const absent = await failureOf(source.read('by_code', { id: 1, toString: 'x' }, call()))
    assert.deepEqual(absent, {
      kind: 'permanent',
      scope: 'record',
      code: 'FG_SQL_SOURCE_PARAMETER',
      message: "The query by_code needs :code: name it in the ask's `with`.",
      fields: ['code'],
    })
    const unknown = await failureOf(source.read('by_kode', {}, call()))
    assert.equal(unknown.code, 'FG_SQL_SOURCE_QUERY_UNKNOWN')
    assert.match(unknown.message, /^queries\.sql has no query by_kode/)
    const purposes = [
      () => source.read('hold', { id: 1 }, call()),
      () => source.reserve('by_code', { id: 1, code: 'x' }, call()),
      () => source.release('hold', { id: 1 }, call()),
    ]
    for (const ask of purposes) {
      const failure = await failureOf(ask())
      assert.equal(failure.code, 'FG_SQL_SOURCE_QUERY_UNKNOWN')
      assert.match(failure.message, /another purpose/)
    }
    assert.deepEqual(await ground.run('select id from slots where held_by is not null'), [])
  })

  test(`${name}: a query the server cannot run is told with its line, and the next one runs`, async () => {
    await using ground = await makeGround()
    const queries = `-- name: good
select id from slots where id = 1

-- name: bad
-- It has a mistake.
select id,
  nmae
from slots where code = :code
-- name: torn
select id from from slots where code = :code`
    await using source = await sourceOn(ground, queries, { connections: 1 })
    const bad = await failureOf(source.read('bad', { code: 'a-person-typed' }, call()))
    assert.equal(bad.kind, 'permanent')
    assert.equal(bad.code, 'FG_SQL_SOURCE_STATEMENT')
    assert.match(bad.message, /^The query bad \(queries\.sql:[67]\) .*nmae/)
    const torn = await failureOf(source.read('torn', { code: 'a-person-typed' }, call()))
    assert.match(torn.message, /^The query torn \(queries\.sql:10\) .*syntax/)
    assert.doesNotMatch(`${bad.message}${torn.message}`, /a-person-typed/)
    assert.deepEqual(await source.read('good', {}, call()), [{ id: 1 }])
  })

  test(`${name}: an account that lacks a right is told so, and health says whose account it is`, async () => {
    await using ground = await makeGround()
    const queries = `-- name: holds\nselect slot from holds where held_by = :whose\n-- name: slots\nselect id from slots where id = 3\n-- name: hold (reserve)\nupdate slots set held_by = :key where id = 3`
    await using source = await sourceOn({ url: ground.readerUrl }, queries)
    const lacking = [
      () => source.read('holds', { whose: 'a-secret' }, call()),
      () => source.reserve('hold', {}, call()),
    ]
    for (const ask of lacking) {
      const failure = await failureOf(ask())
      assert.equal(failure.kind, 'permanent')
      assert.equal(failure.code, 'FG_SQL_SOURCE_RIGHTS')
      assert.match(failure.message, /holds|slots/)
      assert.doesNotMatch(failure.message, /only-reading|a-secret/)
    }
    assert.deepEqual(await source.read('slots', {}, call()), [{ id: 3 }])
    const { username, pathname, host } = new URL(ground.readerUrl)
    assert.deepEqual(await source.health(call()), { ok: true, account: `${username}@${pathname.slice(1)} on ${host}` })
  })
}

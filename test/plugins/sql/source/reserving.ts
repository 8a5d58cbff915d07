import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { eventually } from '../../../support/eventually.ts'
import { call, failureOf, type Ground, sourceOn, type Words } from './ground.ts'

/** Registers what any source of this plugin promises of what only one person can have. */
export function reservingTests(name: string, makeGround: () => Promise<Ground>, words: Words): void {
  const UPDATES = `
    -- name: hold (reserve)
    update slots set held_by = :key where id = :slot and (held_by is null or held_by = :key)${words.returning};
    -- name: give_back (release)
    update slots set held_by = null where held_by = :key;
    -- name: holders
    select id, held_by from slots where held_by is not null order by id;
  `
  test(`${name}: of fifty who want one slot at once exactly one has it, and has it still when it asks again`, async () => {
    await using ground = await makeGround()
    await using source = await sourceOn(ground, UPDATES, { connections: 20 })
    const keys: readonly string[] = Array.from({ length: 50 }, () => randomUUID())
    const answers = await Promise.all(keys.map((key) => source.reserve('hold', { slot: 4 }, call(key))))
    const winners = keys.filter((_, index) => answers[index] !== undefined)
    assert.equal(winners.length, 1)
    const [winner = ''] = winners
    assert.deepEqual(answers[keys.indexOf(winner)], words.slot4)
    assert.deepEqual(await source.read('holders', {}, call()), [{ id: 4, held_by: winner }])
    assert.deepEqual(await source.reserve('hold', { slot: 4 }, call(winner)), words.slot4)
    assert.equal(await source.reserve('hold', { slot: 4 }, call()), undefined)
  })

  test(`${name}: what is given back is free for the next, and nobody gives back what another holds`, async () => {
    await using ground = await makeGround()
    await using source = await sourceOn(ground, UPDATES)
    const [mine, other] = [randomUUID(), randomUUID()]
    await source.release('give_back', { slot: 4 }, call(mine))
    assert.deepEqual(await source.reserve('hold', { slot: 4 }, call(mine)), words.slot4)
    await source.release('give_back', {}, call(other))
    assert.equal(await source.reserve('hold', { slot: 4 }, call(other)), undefined)
    await source.release('give_back', { slot: 4 }, call(mine))
    await source.release('give_back', { slot: 4 }, call(mine))
    assert.deepEqual(await source.reserve('hold', { slot: 4 }, call(other)), words.slot4)
    assert.deepEqual(await source.read('holders', {}, call()), [{ id: 4, held_by: other }])
  })

  test(`${name}: of fifty who insert a row for one slot at once exactly one holds it, by its key`, async () => {
    await using ground = await makeGround()
    const queries = `
      -- name: hold (reserve)
      insert into holds (held_by, slot) values (:key, :slot);
      -- name: give_back (release)
      delete from holds where held_by = :key
    `
    await using source = await sourceOn(ground, queries, { connections: 20 })
    const keys: readonly string[] = Array.from({ length: 50 }, () => randomUUID())
    const answers = await Promise.all(keys.map((key) => source.reserve('hold', { slot: 4 }, call(key))))
    const winners = keys.filter((_, index) => answers[index] !== undefined)
    assert.equal(winners.length, 1)
    const [winner = ''] = winners
    assert.deepEqual(await source.reserve('hold', { slot: 4 }, call(winner)), {})
    assert.equal(await source.reserve('hold', { slot: 4 }, call()), undefined)
    assert.deepEqual(await ground.run('select slot, held_by from holds'), [{ slot: 4, held_by: winner }])
    await source.release('give_back', {}, call(winner))
    assert.deepEqual(await source.reserve('hold', { slot: 4 }, call()), {})
  })

  test(`${name}: a query that would hold two slots holds none`, async () => {
    await using ground = await makeGround()
    const careless = `-- name: hold (reserve)\nupdate slots set held_by = :key where id <= :slot${words.returning}`
    await using source = await sourceOn(ground, careless)
    const failure = await failureOf(source.reserve('hold', { slot: 1 }, call()))
    assert.equal(failure.kind, 'permanent')
    assert.equal(failure.code, 'FG_SQL_SOURCE_HELD_SEVERAL')
    assert.deepEqual(await ground.run('select id from slots where held_by is not null'), [])
    assert.notEqual(await source.reserve('hold', { slot: 0 }, call()), undefined)
  })

  test(`${name}: a reservation that is given up while it waits for another holds nothing afterwards`, async () => {
    await using ground = await makeGround()
    await using source = await sourceOn(ground, UPDATES, { connections: 1 })
    const unlock = await ground.lockSlot(4)
    const abort = new AbortController()
    const waiting = failureOf(source.reserve('hold', { slot: 4 }, call('gave-up', abort.signal)))
    await eventually(async () => (await ground.running('update slots')) === 1)
    abort.abort()
    const failure = await waiting
    assert.equal(failure.kind, 'retryable')
    assert.equal(failure.code, 'FG_SQL_SOURCE_TIMEOUT')
    await eventually(async () => (await ground.running('update slots')) === 0)
    await unlock()
    assert.deepEqual(await source.read('holders', {}, call()), [])
    assert.deepEqual(await source.reserve('hold', { slot: 4 }, call()), words.slot4)
  })

  test(`${name}: a row that another writes at that moment is a failure that passes`, async () => {
    await using ground = await makeGround()
    const queries =
      '-- name: hold (reserve)\nselect id from slots where id = :slot and (held_by is null or held_by = :key) for update nowait'
    await using source = await sourceOn(ground, queries)
    const unlock = await ground.lockSlot(4)
    const failure = await failureOf(source.reserve('hold', { slot: 4 }, call()))
    await unlock()
    assert.equal(failure.kind, 'retryable')
    assert.equal(failure.code, 'FG_SQL_SOURCE_BUSY')
    assert.deepEqual(await source.reserve('hold', { slot: 4 }, call()), { id: 4 })
  })

  test(`${name}: a value that the table refuses is told without the value`, async () => {
    await using ground = await makeGround()
    const queries = '-- name: hold (reserve)\ninsert into holds (held_by, slot) values (:key, :slot)'
    await using source = await sourceOn(ground, queries)
    const failure = await failureOf(source.reserve('hold', { slot: 'a-person-typed' }, call()))
    assert.equal(failure.kind, 'permanent')
    assert.equal(failure.code, 'FG_SQL_SOURCE_VALUE')
    assert.doesNotMatch(failure.message, /a-person-typed/)
    assert.equal((await failureOf(source.reserve('hold', { slot: null }, call()))).code, 'FG_SQL_SOURCE_VALUE')
  })
}

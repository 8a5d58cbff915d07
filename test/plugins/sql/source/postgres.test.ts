import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { eventually } from '../../../support/eventually.ts'
import { enduringTests } from './enduring.ts'
import { call, failureOf, sourceOn } from './ground.ts'
import { POSTGRES_WORDS, postgresGround } from './postgres-ground.ts'
import { readingTests } from './reading.ts'
import { reservingTests } from './reserving.ts'

readingTests('PostgreSQL', postgresGround, POSTGRES_WORDS)
reservingTests('PostgreSQL', postgresGround, POSTGRES_WORDS)
enduringTests('PostgreSQL', postgresGround, POSTGRES_WORDS)

test('PostgreSQL: every column arrives as JSON, and nothing is lost on the way', async () => {
  await using ground = await postgresGround()
  // What a database prefers does not change how values are written.
  await ground.run(`do $$ begin
    execute format('alter database %I set datestyle = ''German''', current_database());
    execute format('alter database %I set bytea_output = ''escape''', current_database());
  end $$`)
  await using source = await sourceOn(
    ground,
    `-- name: values
select date '2026-03-01' as day, timestamp '2026-03-01 09:30:00.25' as local, time '09:30' as clock,
  timestamptz '2026-03-01 09:30:00+05:30' as instant, timestamptz 'infinity' as never,
  1::smallint as small, 9007199254740991 as safe, 9007199254740993 as large, -12.50::numeric as price,
  1234567890123456.789 as exact, 'NaN'::float8 as no_number, 0.1::float4 as single,
  true as yes, null as nothing, '\\x00ff10'::bytea as bytes, '{"a": [1, null]}'::jsonb as document,
  array['a', 'b,"c', null] as texts, array[1, null, 9007199254740993] as numbers, '{}'::text[] as none,
  array[array[1, 2], array[3, 4]] as square, array[date '2026-03-01'] as days, array[true, false] as flags,
  array['{"b": 1}'::json] as documents, '550e8400-e29b-41d4-a716-446655440000'::uuid as id, interval '1 day 2 hours' as while`,
  )
  assert.deepEqual(await source.read('values', {}, call()), [
    {
      day: '2026-03-01',
      local: '2026-03-01T09:30:00.25',
      clock: '09:30:00',
      instant: '2026-03-01T04:00:00.000Z',
      never: 'infinity',
      small: 1,
      safe: 9007199254740991,
      large: '9007199254740993',
      price: -12.5,
      exact: '1234567890123456.789',
      no_number: 'NaN',
      single: 0.1,
      yes: true,
      nothing: null,
      bytes: 'AP8Q',
      document: { a: [1, null] },
      texts: ['a', 'b,"c', null],
      numbers: [1, null, '9007199254740993'],
      none: [],
      square: [
        [1, 2],
        [3, 4],
      ],
      days: ['2026-03-01'],
      flags: [true, false],
      documents: [{ b: 1 }],
      id: '550e8400-e29b-41d4-a716-446655440000',
      while: '1 day 02:00:00',
    },
  ])
})

test('PostgreSQL: a list is bound as an array, an object as JSON', async () => {
  await using ground = await postgresGround()
  await using source = await sourceOn(
    ground,
    `-- name: some
select id from slots where id = any(:ids) or code = any(:codes) order by id
-- name: within
select :filter::jsonb ->> 'code' as code, :flag::boolean as flag`,
  )
  const asked = { ids: [1, '2', null], codes: ['slot-5', `","`, '{"a"}', '\\'] }
  assert.deepEqual(await source.read('some', asked, call()), [{ id: 1 }, { id: 2 }, { id: 5 }])
  assert.deepEqual(await source.read('some', { ids: [], codes: [] }, call()), [])
  const within = await source.read('within', { filter: { code: `a'b` }, flag: true }, call())
  assert.deepEqual(within, [{ code: `a'b`, flag: true }])
})

test('PostgreSQL: a reservation by insertion brings the same row back each time where it says so', async () => {
  await using ground = await postgresGround()
  await using source = await sourceOn(
    ground,
    `-- name: hold (reserve)
insert into holds (slot, held_by) values (:slot, :key)
on conflict (slot) do update set held_by = excluded.held_by where holds.held_by = excluded.held_by
returning slot, held_by`,
    { connections: 20 },
  )
  const keys: readonly string[] = Array.from({ length: 50 }, () => randomUUID())
  const answers = await Promise.all(keys.map((key) => source.reserve('hold', { slot: 4 }, call(key))))
  const [held, ...more] = answers.filter((answer) => answer !== undefined)
  assert.deepEqual(more, [])
  const key = keys[answers.indexOf(held)] ?? ''
  assert.deepEqual(held, { slot: 4, held_by: key })
  assert.deepEqual(await source.reserve('hold', { slot: 4 }, call(key)), held)
})

test('PostgreSQL: of times that overlap one is held, by an exclusion constraint', async () => {
  await using ground = await postgresGround()
  await ground.run(
    `create table visits (held_by text primary key, during tstzrange, exclude using gist (during with &&))`,
  )
  await using source = await sourceOn(
    ground,
    `-- name: hold (reserve)
insert into visits (held_by, during)
values (:key, tstzrange(:start, :start::timestamptz + interval '30 minutes'))`,
  )
  const at = (start: string, key: string) => source.reserve('hold', { start }, call(key))
  assert.deepEqual(await at('2026-03-01T09:00:00Z', 'first-key'), {})
  assert.deepEqual(await at('2026-03-01T09:00:00Z', 'first-key'), {})
  assert.equal(await at('2026-03-01T09:15:00Z', 'second-key'), undefined)
  assert.deepEqual(await at('2026-03-01T09:30:00Z', 'second-key'), {})
})

test('PostgreSQL: the server itself ends what takes too long, and nothing of one question is left for the next', async () => {
  await using ground = await postgresGround()
  await using source = await sourceOn(
    ground,
    `-- name: limits
select current_setting('statement_timeout') as statement, current_setting('transaction_read_only') as read_only,
  current_setting('application_name') as program, set_config('flowgate.left', 'something', false) as kept
-- name: left
select coalesce(nullif(current_setting('flowgate.left', true), ''), 'nothing') as kept`,
    { connections: 1 },
  )
  const limits = { statement: '5s', read_only: 'on', program: 'flowgate-tested', kept: 'something' }
  assert.deepEqual(await source.read('limits', {}, call()), [limits])
  assert.deepEqual(await source.read('left', {}, call()), [{ kept: 'nothing' }])
})

test('PostgreSQL: a parameter whose type cannot be told is named, a value that is none of its type is not shown', async () => {
  await using ground = await postgresGround()
  const queries = `-- name: untyped\nselect id from slots where :since is null\n-- name: table_named\nselect :name::regclass::int as oid\n-- name: number\nselect id from slots where id = :id`
  await using source = await sourceOn(ground, queries)
  const untyped = await failureOf(source.read('untyped', { since: 'a-person-typed' }, call()))
  assert.equal(untyped.code, 'FG_SQL_SOURCE_STATEMENT')
  assert.match(untyped.message, /parameter :since/)
  const named = await failureOf(source.read('table_named', { name: 'a_person_typed' }, call()))
  assert.equal(named.code, 'FG_SQL_SOURCE_STATEMENT')
  const number = await failureOf(source.read('number', { id: 'a-person-typed' }, call()))
  assert.equal(number.code, 'FG_SQL_SOURCE_VALUE')
  assert.match(number.message, /^The query number \(queries\.sql:6\) was given a value .* \(22P02\)/)
  for (const { message } of [untyped, named, number]) assert.doesNotMatch(message, /a.person.typed/)
  const zero = await failureOf(source.read('number', { id: '\u0000' }, call()))
  assert.equal(zero.code, 'FG_SQL_SOURCE_VALUE')
})

test('PostgreSQL: whoever finds every connection in use is told what to raise', async () => {
  await using ground = await postgresGround()
  const queries = '-- name: hang\nselect pg_sleep(30)\n-- name: one\nselect 1 as one'
  await using source = await sourceOn(ground, queries, { connections: 1, connect_within_ms: 2_000 })
  const abort = new AbortController()
  const hanging = failureOf(source.read('hang', {}, call(undefined, abort.signal)))
  await eventually(async () => (await ground.running('pg_sleep')) === 1)
  const failure = await failureOf(source.read('one', {}, call()))
  assert.equal(failure.kind, 'retryable')
  assert.equal(failure.code, 'FG_SQL_SOURCE_CROWDED')
  abort.abort()
  await hanging
  await eventually(async () => assert.deepEqual(await source.read('one', {}, call()), [{ one: 1 }]) ?? true)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reservation } from '../../src/flow/asking.ts'
import { eventually } from '../support/eventually.ts'
import { type AskingStage, askingStage, CACHE, question } from './asking-stage.ts'
import { down } from './scripted-source.ts'

const session = { flow: 'booking', token: 'token-1', id: 'ses_1' }

function reservation(key: string, slot = 'mon-9'): Reservation {
  return { key, source: 'calendar', reserve: 'take', release: 'give_back', parameters: { slot } }
}

async function written(stage: AskingStage): Promise<readonly string[]> {
  const { rows } = await stage.pool.query<{ key: string }>('select key from reservations order by key')
  return rows.map(({ key }) => key)
}

test('one of two people gets the slot, and the row that stands before the source is asked goes with who was too late', async () => {
  await using stage = await askingStage({ calendar: {} })
  const source = stage.source('calendar')
  const seen: (readonly string[])[] = []
  source.always = async () => {
    seen.push(await written(stage))
    return { room: 7 }
  }
  const { asker, asked } = stage.process()
  assert.deepEqual(await asker.forExchange().reserve(reservation('key-1'), session), {
    kind: 'held',
    value: { room: 7 },
  })
  const other = { flow: 'booking', token: 'token-2', id: 'ses_2' }
  assert.deepEqual(await asker.forExchange().reserve(reservation('key-2'), other), { kind: 'taken' })
  assert.deepEqual(seen, [['key-1'], ['key-1', 'key-2']])
  assert.deepEqual(await written(stage), ['key-1'])
  const { rows } = await stage.pool.query(
    'select flow, token, session_id, source, release, parameters from reservations',
  )
  assert.deepEqual(rows, [
    {
      flow: 'booking',
      token: 'token-1',
      session_id: 'ses_1',
      source: 'calendar',
      release: 'give_back',
      parameters: { slot: 'mon-9' },
    },
  ])
  assert.deepEqual(
    source.calls.map(({ does, query, call }) => [does, query, call.idempotencyKey]),
    [
      ['reserve', 'take', 'key-1'],
      ['reserve', 'take', 'key-2'],
    ],
  )
  assert.deepEqual(await asker.forExchange().reserve(reservation('key-1'), session), {
    kind: 'held',
    value: { room: 7 },
  })
  assert.deepEqual(await written(stage), ['key-1'])
  assert.deepEqual(
    asked.map(({ outcome }) => outcome),
    ['fresh', 'fresh', 'fresh'],
  )
})

test('a slot of which nobody knows whether it is held keeps its row, and is given back later', async () => {
  await using stage = await askingStage({
    calendar: { ifUnavailable: ['stale', 'accept_and_flag'] },
  })
  const source = stage.source('calendar')
  source.next('hangs')
  const { asker } = stage.process()
  // Long enough to write the row; the source is still silent when its other questions are asked.
  assert.deepEqual(await asker.forExchange(1_500).reserve(reservation('key-1'), session), {
    kind: 'unavailable',
    fallback: 'accept_and_flag',
  })
  assert.deepEqual(await written(stage), ['key-1'])
  assert.equal(source.held.get('mon-9'), 'key-1')

  source.next({ fails: down })
  assert.equal(await asker.giveBack(reservation('key-1')), false)
  assert.equal(await asker.giveBack(reservation('key-1')), true)
  assert.equal(source.held.size, 0)
  assert.equal(await asker.giveBack({ ...reservation('key-1'), source: 'never' }), false)
  assert.deepEqual(
    source.calls.filter(({ does }) => does === 'release').map(({ query, call }) => [query, call.idempotencyKey]),
    [
      ['give_back', 'key-1'],
      ['give_back', 'key-1'],
    ],
  )
})

test('whoever has too little time left, or finds the source resting, asks for nothing', async () => {
  await using stage = await askingStage({ calendar: { breaker: { failures: 1, restMs: 10_000 } } })
  const source = stage.source('calendar')
  const { asker, asked } = stage.process()
  assert.equal((await asker.forExchange(0).reserve(reservation('key-1'), session)).kind, 'unavailable')
  assert.deepEqual(await written(stage), [])
  source.next({ fails: down })
  await asker.forExchange().ask(question())
  assert.equal((await asker.forExchange().reserve(reservation('key-2'), session)).kind, 'unavailable')
  assert.equal(await asker.giveBack(reservation('key-2')), false)
  assert.equal(source.calls.length, 1)
  assert.deepEqual(await written(stage), [])
  assert.deepEqual(
    asked.map(({ outcome }) => outcome),
    ['failed', 'failed', 'open'],
  )
})

test('what is just being given back is not asked for', async () => {
  await using stage = await askingStage({ calendar: {} })
  const { asker } = stage.process()
  assert.equal((await asker.forExchange().reserve(reservation('key-1'), session)).kind, 'held')
  await stage.pool.query("update reservations set giving_back_until = $1::timestamptz + interval '30 seconds'", [
    stage.clock.now(),
  ])
  assert.equal((await asker.forExchange().reserve(reservation('key-1'), session)).kind, 'unavailable')
  assert.equal(stage.source('calendar').calls.length, 1)
})

test('a row that cannot be written keeps the source from being asked, and its own failure says so', async () => {
  await using stage = await askingStage({ calendar: {} })
  await stage.pool.query('drop table reservations')
  const { asker, told } = stage.process()
  assert.equal((await asker.forExchange().reserve(reservation('key-1'), session)).kind, 'unavailable')
  assert.equal(stage.source('calendar').calls.length, 0)
  assert.deepEqual(
    told('reservation.unwritten').map(({ doing, source }) => [doing, source]),
    [['writing', 'calendar']],
  )
  assert.equal(
    (await asker.forExchange().reserve({ ...reservation('k'), source: 'never' }, session)).kind,
    'unavailable',
  )
})

test('what is reserved or given back shows at once in what is kept, in this process and in the shared answers', async () => {
  await using stage = await askingStage({ calendar: { cache: { ...CACHE, shared: true }, ifUnavailable: ['stale'] } })
  const source = stage.source('calendar')
  let free = ['mon-9', 'mon-10']
  source.always = async ({ does }) => {
    if (does === 'reserve') free = ['mon-10']
    if (does === 'release') free = ['mon-9', 'mon-10']
    return does === 'read' ? free : 'done'
  }
  const { asker } = stage.process()
  const exchange = asker.forExchange()
  const ask = async (asking = asker.forExchange()) => {
    const reply = await asking.ask(question({ staleIfUnavailable: true }))
    return reply.kind === 'answered' ? reply.value : reply.kind
  }
  assert.deepEqual(await ask(exchange), ['mon-9', 'mon-10'])
  await exchange.reserve(reservation('key-1'), session)
  assert.deepEqual(await ask(exchange), ['mon-10'], 'the same exchange asks again')
  assert.deepEqual(await ask(), ['mon-10'])
  assert.equal(await asker.giveBack(reservation('key-1')), true)
  source.next({ fails: down })
  assert.deepEqual(await ask(), ['mon-10'], 'an outdated answer may still stand in')
  assert.deepEqual(await ask(), ['mon-9', 'mon-10'])
  // What is written aside is written by then.
  await asker.close()
  assert.deepEqual(await ask(stage.process().asker.forExchange()), ['mon-9', 'mon-10'])
})

test('an answer from before a change that is slow to be shared does not come after the one from behind it', async () => {
  await using stage = await askingStage({ calendar: { cache: { ...CACHE, shared: true } } })
  const source = stage.source('calendar')
  await stage.pool.query(`
    create function wait_for_test() returns trigger language plpgsql as $$ begin
      if new.answer = '["mon-10"]' then perform pg_advisory_xact_lock(7); end if;
      return new;
    end $$;
    create trigger slow before insert on source_answers for each row execute function wait_for_test()`)
  const holder = await stage.pool.connect()
  await holder.query('select pg_advisory_lock(7)')
  source.next({ answers: ['mon-10'] }, { answers: 'done' }, { answers: ['mon-9', 'mon-10'] })
  const { asker } = stage.process()
  await asker.forExchange().ask(question())
  assert.equal(await asker.giveBack(reservation('key-1')), true)
  assert.deepEqual(await asker.forExchange().ask(question()), { kind: 'answered', value: ['mon-9', 'mon-10'] })
  const busy = `select wait_event_type from pg_stat_activity
    where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`
  await eventually(async () => {
    const { rows } = await holder.query<{ wait_event_type: string }>(busy)
    return rows.length === 1 && rows[0]?.wait_event_type === 'Lock'
  })
  await holder.query('select pg_advisory_unlock(7)')
  holder.release()
  await asker.close()
  const { rows } = await stage.pool.query(`select answer, fresh_until > 'epoch' as fresh from source_answers`)
  assert.deepEqual(rows, [{ answer: ['mon-9', 'mon-10'], fresh: true }])
})

test('an answer that was on its way while something was taken is not kept for others', async () => {
  await using stage = await askingStage({ calendar: { cache: CACHE } })
  const source = stage.source('calendar')
  let answer: (() => void) | undefined
  source.next(
    async () => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return ['mon-9', 'mon-10']
    },
    { answers: 'done' },
    { answers: ['mon-10'] },
  )
  const { asker } = stage.process()
  const early = asker.forExchange().ask(question())
  await eventually(() => answer !== undefined)
  await asker.forExchange().reserve(reservation('key-1'), session)
  assert.deepEqual(await asker.forExchange().ask(question()), { kind: 'answered', value: ['mon-10'] })
  answer?.()
  assert.deepEqual(await early, { kind: 'answered', value: ['mon-9', 'mon-10'] })
  assert.deepEqual(await asker.forExchange().ask(question()), { kind: 'answered', value: ['mon-10'] })
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Call, JsonObject, Source } from 'flowgate/plugin'
import pg from 'pg'
import { parse } from 'yaml'
import plugin from '../../plugins/sql/source.ts'
import { testDatabase } from '../support/database.ts'
import { pluginContext } from '../support/plugin-context.ts'

const EXAMPLES = fileURLToPath(new URL('../../config/examples', import.meta.url))
const TABLES = readFileSync(join(EXAMPLES, 'database/appointments.sql'), 'utf8')

interface Calendar extends AsyncDisposable {
  readonly source: Required<Pick<Source, 'read' | 'reserve' | 'release'>>
  /** Of the account that the source uses. */
  readonly url: string
  /** The day the database has, and days that are so many days later. */
  day(later: number): Promise<string>
  /** The first working day of the calendar. */
  readonly firstDay: string
  /** What stands in the tables, asked by their owner. */
  rows(statement: string, values?: readonly string[]): Promise<readonly JsonObject[]>
}

/** The example's tables in a database of their own, and its source on them with the rights that the example names. */
async function calendar(): Promise<Calendar> {
  const database = await testDatabase()
  const owner = new pg.Client({ connectionString: database.url })
  await owner.connect()
  await owner.query(TABLES)
  const account = `${new URL(database.url).pathname.slice(1)}_booking`
  await owner.query(`create role ${account} login password 'only-booking'; ${grantsTo(account)}`)
  const url = new URL(database.url)
  url.username = account
  url.password = 'only-booking'
  const { queries, writes } = parse(readFileSync(join(EXAMPLES, 'destinations.yaml'), 'utf8')).sources.appointments
    .config
  const context = pluginContext({ readFile: async (path) => readFileSync(join(EXAMPLES, path), 'utf8') })
  const source = await plugin.configure({ url: url.href, queries, writes }, context)
  const { reserve, release } = source
  assert.ok(reserve !== undefined && release !== undefined)
  const rows = async (statement: string, values: readonly string[] = []) =>
    (await owner.query(statement, [...values])).rows
  const found = await rows('select min(starts_at)::date::text as first from slots')
  return {
    url: url.href,
    source: {
      read: (...asked) => source.read(...asked),
      reserve: (...asked) => reserve.apply(source, asked),
      release: (...asked) => release.apply(source, asked),
    },
    async day(later) {
      const [row] = await rows('select (current_date + $1::int)::text as day', [String(later)])
      return String(row?.['day'])
    },
    firstDay: String(found[0]?.['first']),
    rows,
    async [Symbol.asyncDispose]() {
      await source.close()
      await owner.query(`drop owned by ${account}; drop role ${account}`)
      await owner.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

/** The grants that the file proposes, to another account. */
function grantsTo(account: string): string {
  const grants = [...TABLES.matchAll(/^-- +(grant .+) to booking;$/gm)].map(([, grant]) => `${grant} to ${account}`)
  assert.equal(grants.length, 2)
  return grants.join('; ')
}

function call(idempotencyKey = ''): Call {
  return { signal: AbortSignal.timeout(120_000), idempotencyKey, attempt: 1, uncertain: false, resend: false }
}

async function list(asking: Promise<unknown>): Promise<readonly JsonObject[]> {
  const answer = await asking
  assert.ok(Array.isArray(answer))
  return answer
}

const AT_MILL = { department: 'eye-test', location: 'old-mill' }

describe('the calendar of the example book-appointment', () => {
  it('lists what is done and where, as the lists of WhatsApp want it', async () => {
    await using on = await calendar()
    const today = await on.day(0)
    const departments = await list(on.source.read('departments', {}, call()))
    assert.deepEqual(
      departments.map(({ id }) => id),
      ['eye-test', 'contact-lenses', 'glasses-fitting'],
    )
    const locations = await list(
      on.source.read('locations', { department: 'eye-test', today, mine: 'nothing' }, call()),
    )
    assert.deepEqual(
      locations.map(({ id, title }) => [id, title]),
      [
        ['harbour-street', 'Harbour Street'],
        ['old-mill', 'Old Mill'],
      ],
    )
    for (const option of [...departments, ...locations]) {
      assert.deepEqual(Object.keys(option), ['id', 'title', 'description'])
      assert.ok(Object.values(option).every((value) => typeof value === 'string'))
      assert.ok(String(option['title']).length <= 30)
    }
  })

  it('leaves out a shop that does not do it, and one where nothing is free', async () => {
    await using on = await calendar()
    const today = await on.day(0)
    const lenses = await list(
      on.source.read('locations', { department: 'contact-lenses', today, mine: 'nothing' }, call()),
    )
    assert.deepEqual(
      lenses.map(({ id }) => id),
      ['harbour-street'],
    )
    await on.rows(`update slots set held_by = 'counter' where location = 'old-mill'`)
    const tests = await list(on.source.read('locations', { department: 'eye-test', today, mine: 'nothing' }, call()))
    assert.deepEqual(
      tests.map(({ id }) => id),
      ['harbour-street'],
    )
  })

  it('offers the working days of four weeks from tomorrow on, and closes a day that is full', async () => {
    await using on = await calendar()
    const [today, last] = [await on.day(0), await on.day(28)]
    await on.rows(
      `insert into slots (department, location, starts_at) values
         ('eye-test', 'old-mill', current_date + time '12:00'), ('eye-test', 'old-mill', current_date + 29 + time '12:00')`,
    )
    const days = await list(on.source.read('dates', { ...AT_MILL, today, mine: 'nothing' }, call()))
    assert.equal(days.length, 20)
    for (const { id, title, description, enabled } of days) {
      assert.ok(String(id) > today && String(id) <= last)
      assert.match(String(title), /^(Mon|Tue|Wed|Thu|Fri) [1-9]\d? [A-Z][a-z]{2}$/)
      assert.equal(description, enabled === true ? '11 times free' : 'Nothing free')
    }
    assert.equal(days.filter(({ enabled }) => enabled === false).length, 1)
  })

  it('shows every time of a day, and which of them are free', async () => {
    await using on = await calendar()
    const times = await list(on.source.read('times', { ...AT_MILL, day: on.firstDay, mine: 'nothing' }, call()))
    assert.equal(times.length, 12)
    assert.deepEqual(times.slice(0, 3), [
      { id: '09:00', title: '09:00', enabled: false },
      { id: '09:30', title: '09:30', enabled: true },
      { id: '10:00', title: '10:00', enabled: true },
    ])
    assert.deepEqual(await on.source.read('times', { ...AT_MILL, day: await on.day(0), mine: 'nothing' }, call()), [])
  })

  it('lets one of two people hold a time, again and again, and nobody else', async () => {
    await using on = await calendar()
    const slot = { ...AT_MILL, day: on.firstDay, time: '09:30' }
    const keys = ['key-of-ana', 'key-of-bo', 'key-of-cleo', 'key-of-dan']
    const held = await Promise.all(keys.map((key) => on.source.reserve('hold_slot', slot, call(key))))
    assert.equal(held.filter((answer) => answer !== undefined).length, 1)
    const winner = keys[held.findIndex((answer) => answer !== undefined)]
    const [row] = await on.rows(`select held_by from slots where held_by like 'key-of-%'`)
    assert.equal(row?.['held_by'], winner)
    assert.deepEqual(await on.source.reserve('hold_slot', slot, call(winner)), {
      starts_at: `${on.firstDay} 09:30`,
    })
    assert.equal(await on.source.reserve('hold_slot', slot, call('key-of-eve')), undefined)
    const gone = { ...slot, time: '09:00' }
    assert.equal(await on.source.reserve('hold_slot', gone, call('key-of-eve')), undefined)
    const never = { ...slot, time: '03:00' }
    assert.equal(await on.source.reserve('hold_slot', never, call('key-of-eve')), undefined)
  })

  it('counts what a person holds as free for them and as taken for everybody else', async () => {
    await using on = await calendar()
    const today = await on.day(0)
    const slot = { ...AT_MILL, day: on.firstDay, time: '09:30' }
    await on.source.reserve('hold_slot', slot, call('key-of-ana'))
    const offered = async (mine: string) => {
      const times = await list(on.source.read('times', { ...AT_MILL, day: on.firstDay, mine }, call()))
      const days = await list(on.source.read('dates', { ...AT_MILL, today, mine }, call()))
      const free = days.find(({ id }) => id === on.firstDay)?.['description']
      return { enabled: times.find(({ id }) => id === '09:30')?.['enabled'], free }
    }
    assert.deepEqual(await offered('key-of-ana'), { enabled: true, free: '11 times free' })
    assert.deepEqual(await offered('nothing'), { enabled: false, free: '10 times free' })
  })

  it('gives back what is held under a key, and nothing else, however often', async () => {
    await using on = await calendar()
    const slot = { ...AT_MILL, day: on.firstDay, time: '09:30' }
    const before = await on.rows('select count(*)::int as many from slots where held_by is not null')
    await on.source.reserve('hold_slot', slot, call('key-of-ana'))
    await on.source.release('release_slot', slot, call('key-of-bo'))
    assert.equal(await on.source.reserve('hold_slot', slot, call('key-of-bo')), undefined)
    await on.source.release('release_slot', slot, call('key-of-ana'))
    await on.source.release('release_slot', slot, call('key-of-ana'))
    const after = await on.rows(
      'select count(*)::int as many from slots where held_by is not null or held_at is not null',
    )
    assert.deepEqual(after, before)
    assert.ok((await on.source.reserve('hold_slot', slot, call('key-of-bo'))) !== undefined)
  })

  it('does all this with an account that can change nothing but who holds a time', async () => {
    await using on = await calendar()
    const account = new pg.Client({ connectionString: on.url })
    await account.connect()
    const statements = [
      'delete from slots',
      `update slots set location = 'old-mill'`,
      `insert into departments (id, title, description, position) values ('x', 'X', 'X', 9)`,
    ]
    for (const statement of statements) await assert.rejects(account.query(statement), /permission denied/)
    await account.end()
  })
})

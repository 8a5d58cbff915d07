import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Failure } from '../../src/plugin/index.ts'
import { lockDestination, readDestination, saveDestination } from '../../src/store/destinations.ts'
import { createPool } from '../../src/store/pool.ts'
import { startHubspotStandIn } from '../stand-ins/hubspot.ts'
import { testDatabase } from '../support/database.ts'
import { CONFIG } from './seed.ts'
import { run } from './terminal.ts'

const unprepared: Failure = {
  kind: 'permanent',
  scope: 'destination',
  code: 'FG_HUBSPOT_NOT_PREPARED',
  message: 'The property is missing.',
}

test('a destination is paused and resumed by hand, and status shows it', async () => {
  await using database = await testDatabase()
  const env = { DATABASE_URL: database.url, FLOWGATE_CONFIG: CONFIG }
  const fresh = await run(['destinations', 'status'], env)
  assert.equal(fresh.code, 0, fresh.err)
  assert.match(fresh.out, /^DESTINATION +PLUGIN +STATE[\s\S]*hubspot +hubspot +active[\s\S]*slack-sales +slack +active/)

  const paused = await run(['destinations', 'pause', 'hubspot'], env)
  assert.deepEqual([paused.code, paused.out], [0, 'hubspot is paused until it is resumed by hand.\n'])
  const again = await run(['destinations', 'pause', 'hubspot', '--json'], env)
  assert.deepEqual(JSON.parse(again.out), { ok: true, name: 'hubspot', changed: false })
  const status = await run(['destinations', 'status', '--json'], env)
  assert.equal(status.code, 1)
  const [hubspot] = JSON.parse(status.out).destinations
  assert.deepEqual([hubspot.name, hubspot.state, hubspot.paused_by], ['hubspot', 'paused', 'operator'])

  const resumed = await run(['destinations', 'resume', 'hubspot'], env)
  assert.deepEqual([resumed.code, resumed.out], [0, 'hubspot has its deliveries again.\n'])
  assert.equal((await run(['destinations', 'status'], env)).code, 0)
})

test('status tells what goes on by itself from what waits for a person', async () => {
  await using database = await testDatabase()
  const env = { DATABASE_URL: database.url, FLOWGATE_CONFIG: CONFIG }
  const pool = createPool({ url: database.url, max: 1, name: 'test' })
  for (const [failure, shown] of [
    [unprepared, 'paused'],
    [{ ...unprepared, byHand: true } as const, 'paused until resumed'],
  ] as const) {
    const now = new Date()
    const before = await lockDestination(pool, 'hubspot', now)
    await saveDestination(
      pool,
      'hubspot',
      { ...before, paused: true, pausedBy: 'failure', failure, healthAt: now },
      now,
    )
    const { code, out } = await run(['destinations', 'status'], env)
    assert.equal(code, 1)
    assert.match(out, new RegExp(`^hubspot +hubspot +${shown} {2,}0 +0 +FG_HUBSPOT_NOT_PREPARED`, 'm'))
  }
  await pool.end()
})

test('a mistyped destination is not written down: the near name is offered', async () => {
  for (const verb of ['pause', 'resume', 'prepare']) {
    const { code, err } = await run(['destinations', verb, 'hubspto'], {
      FLOWGATE_CONFIG: CONFIG,
      HUBSPOT_ACCESS_TOKEN: 't',
      SLACK_BOT_TOKEN: 't',
    })
    assert.equal(code, 2)
    assert.match(err, /no destination "hubspto": did you mean `hubspot`/)
  }
})

test('prepare shows what is missing and writes nothing until it is told to; then it is done, and done again is nothing', async () => {
  await using hubspot = await startHubspotStandIn({ token: 'the token', preparedProperties: false })
  const env = {
    FLOWGATE_CONFIG: CONFIG,
    HUBSPOT_ACCESS_TOKEN: 'the token',
    HUBSPOT_BASE_URL: hubspot.url,
    SLACK_BOT_TOKEN: 'none',
  }
  const made = () => hubspot.writes()['POST /crm/v3/properties/:object']
  const shown = await run(['destinations', 'prepare', 'hubspot', '--json'], env)
  assert.equal(shown.code, 1, shown.err)
  assert.ok(JSON.parse(shown.out).preparations.some(({ done }: { done: boolean }) => !done))
  assert.equal(made(), 0)

  const done = await run(['destinations', 'prepare', 'hubspot', '--yes'], env)
  assert.equal(done.code, 0, done.err)
  assert.match(done.out, /✓ .*flowgate_submission[\s\S]*hubspot is prepared\.\n$/)
  assert.ok(hubspot.properties('deals').some(({ name }) => name === 'flowgate_submission'))
  const writes = made()
  const again = await run(['destinations', 'prepare', 'hubspot', '--yes'], env)
  assert.equal(again.code, 0)
  assert.equal(made(), writes)
})

test('prepare --yes lets a destination go on at once that a failure had paused, but none that is paused by hand', async () => {
  await using hubspot = await startHubspotStandIn({ token: 'the token', preparedProperties: false })
  await using database = await testDatabase()
  const env = {
    DATABASE_URL: database.url,
    FLOWGATE_CONFIG: CONFIG,
    FLOWGATE_ALLOW_HOSTS: '127.0.0.1',
    HUBSPOT_ACCESS_TOKEN: 'the token',
    HUBSPOT_BASE_URL: hubspot.url,
    SLACK_BOT_TOKEN: 'none',
  }
  const pool = createPool({ url: database.url, max: 1, name: 'test' })
  const pausedBy = async (by: 'failure' | 'operator') => {
    const now = new Date()
    const before = await lockDestination(pool, 'hubspot', now)
    await saveDestination(pool, 'hubspot', { ...before, paused: true, pausedBy: by, failure: unprepared }, now)
  }
  try {
    await pausedBy('failure')
    assert.equal((await run(['destinations', 'prepare', 'hubspot'], env)).code, 1)
    assert.equal((await readDestination(pool, 'hubspot')).paused, true, 'nothing was made')
    const done = await run(['destinations', 'prepare', 'hubspot', '--yes'], env)
    assert.deepEqual([done.code, done.err], [0, ''])
    assert.equal((await readDestination(pool, 'hubspot')).paused, false)
    await pausedBy('operator')
    await run(['destinations', 'prepare', 'hubspot', '--yes'], env)
    assert.equal((await readDestination(pool, 'hubspot')).paused, true)
  } finally {
    await pool.end()
  }
  const apart = { ...env, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
  const { code, err } = await run(['destinations', 'prepare', 'hubspot', '--yes'], apart)
  assert.equal(code, 0, 'the account is prepared all the same')
  assert.match(err, /resume it by: flowgate destinations resume hubspot\..*nothing listens/)
})

test('prepare names a wrong credential in the words of the plugin, without a stack', async () => {
  await using hubspot = await startHubspotStandIn({ token: 'the token' })
  const { code, err } = await run(['destinations', 'prepare', 'hubspot'], {
    FLOWGATE_CONFIG: CONFIG,
    HUBSPOT_ACCESS_TOKEN: 'another token',
    HUBSPOT_BASE_URL: hubspot.url,
    SLACK_BOT_TOKEN: 'none',
  })
  assert.equal(code, 2)
  assert.doesNotMatch(err, /another token|\n\s+at /)
  assert.match(err, /token|credential/i)
})

test('a destination that needs nothing says so', async () => {
  const env = { FLOWGATE_CONFIG: CONFIG, HUBSPOT_ACCESS_TOKEN: 't', SLACK_BOT_TOKEN: 't' }
  const { code, out, err } = await run(['destinations', 'prepare', 'slack-sales'], env)
  assert.deepEqual([code, out], [0, 'slack-sales needs nothing prepared.\n'], err)
})

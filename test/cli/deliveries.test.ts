import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPool } from '../../src/store/pool.ts'
import { testDatabase } from '../support/database.ts'
import { CONFIG, failDelivery, seedSubmission } from './seed.ts'
import { run } from './terminal.ts'

/** A database with one submission: its contact failed, its deal and its message wait. */
async function desk() {
  const database = await testDatabase()
  const pool = createPool({ url: database.url, max: 2, name: 'test' })
  const now = new Date()
  const ids = await seedSubmission(pool, now)
  await failDelivery(pool, ids['contact'], now)
  return {
    ids,
    pool,
    env: { DATABASE_URL: database.url, FLOWGATE_CONFIG: CONFIG },
    async [Symbol.asyncDispose]() {
      await pool.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

test('deliveries lists what is on its way, and as JSON everything a script needs', async () => {
  await using at = await desk()
  const plain = await run(['deliveries'], at.env)
  assert.equal(plain.code, 0, plain.err)
  assert.match(plain.out, /^DELIVERY +STATE +WHAT +TO/)
  assert.match(plain.out, new RegExp(`${at.ids['contact']} +failed +lead-gen/contact +hubspot .*HUBSPOT_PROPERTY`))
  const json = await run(['deliveries', '--json', '--destination', 'slack-sales'], at.env)
  const { ok, deliveries } = JSON.parse(json.out)
  assert.equal(ok, true)
  assert.deepEqual(
    deliveries.map(({ id, item, state, flow }: Record<string, string>) => ({ id, item, state, flow })),
    [{ id: at.ids['tell-sales'], item: 'tell-sales', state: 'waiting', flow: 'lead-gen' }],
  )
})

test('deliveries --failed exits with 1 while anything has failed, and with 0 after', async () => {
  await using at = await desk()
  const before = await run(['deliveries', '--failed', '--json'], at.env)
  assert.equal(before.code, 1)
  assert.deepEqual(
    JSON.parse(before.out).deliveries.map(({ id }: { id: string }) => id),
    [at.ids['contact']],
  )
  await run(['replay', '--failed'], at.env)
  const after = await run(['deliveries', '--failed'], at.env)
  assert.deepEqual([after.code, after.out], [0, 'Nothing has failed.\n'])
})

test('deliveries show tells the story of one, and exits with 1 for an id that is none', async () => {
  await using at = await desk()
  const shown = await run(['deliveries', 'show', at.ids['contact'] ?? ''], at.env)
  assert.equal(shown.code, 0, shown.err)
  assert.match(shown.out, /failed\nrecord contact of flow lead-gen, to hubspot\nsubmission sub_/)
  const json = await run(['deliveries', 'show', at.ids['contact'] ?? '', '--json'], at.env)
  const story = JSON.parse(json.out)
  assert.equal(story.delivery.failure.code, 'HUBSPOT_PROPERTY')
  assert.deepEqual(story.attempts, [])
  const none = await run(['deliveries', 'show', 'dlv_none'], at.env)
  assert.equal(none.code, 1)
  assert.match(none.out, /There is no delivery dlv_none/)
})

test('replay sends a failed delivery again, a second press is harmless, and a job is on its way', async () => {
  await using at = await desk()
  const id = at.ids['contact'] ?? ''
  const first = await run(['replay', id], at.env)
  assert.deepEqual([first.code, first.out], [0, `${id} goes to hubspot again.\n`], first.err)
  const second = await run(['replay', id, '--json'], at.env)
  assert.equal(second.code, 0)
  assert.deepEqual(JSON.parse(second.out), { ok: true, deliveries: [{ id, result: 'under-way' }] })
  const { rows } = await at.pool.query(`select count(*) as jobs from pgboss.job where data->>'deliveryId' = $1`, [id])
  assert.equal(rows[0].jobs, 1)
})

test('replay --failed takes all that failed, and --destination only those to one', async () => {
  await using at = await desk()
  const other = await run(['replay', '--failed', '--destination', 'slack-sales'], at.env)
  assert.deepEqual([other.code, other.out], [0, 'Nothing has failed.\n'])
  const all = await run(['replay', '--failed', '--json'], at.env)
  assert.deepEqual(JSON.parse(all.out).deliveries, [{ id: at.ids['contact'], result: 'replayed' }])
})

test('replay --failed says what is unknown, which it never sends again by itself', async () => {
  await using at = await desk()
  await at.pool.query(`update deliveries set state = 'unknown' where id = $1`, [at.ids['contact']])
  const one = await run(['replay', '--failed'], at.env)
  assert.equal(one.code, 0, one.err)
  assert.match(one.out, /^Nothing has failed\.\n1 is unknown, and not sent again: .*flowgate replay <id>.*drop <id>/)
  const elsewhere = await run(['replay', '--failed', '--destination', 'slack-sales'], at.env)
  assert.equal(elsewhere.out, 'Nothing has failed.\n')
  await at.pool.query(`update deliveries set state = 'unknown' where id = $1`, [at.ids['tell-sales']])
  assert.match((await run(['replay', '--failed'], at.env)).out, /\n2 are unknown/)
  assert.equal(JSON.parse((await run(['replay', '--failed', '--json'], at.env)).out).unknown, 2)
})

test('a mistyped name is refused with the near one, and does not look like nothing to do', async () => {
  await using at = await desk()
  for (const command of [['replay', '--failed'], ['deliveries'], ['deliveries', '--failed']]) {
    const destination = await run([...command, '--destination', 'hubspt'], at.env)
    assert.deepEqual([destination.code, destination.out], [2, ''])
    assert.match(destination.err, /no destination "hubspt": did you mean `hubspot`/)
    const flow = await run([...command, '--flow', 'lead-gne', '--json'], at.env)
    assert.equal(flow.code, 2)
    assert.equal(JSON.parse(flow.out).error.code, 'FG_CLI_FLOW')
    assert.match(flow.err, /no flow "lead-gne": did you mean `lead-gen`/)
  }
  await at.pool.query(`update deliveries set destination = 'former' where id = $1`, [at.ids['tell-sales']])
  for (const name of ['former', 'slack-sales']) {
    const { code, out, err } = await run(['deliveries', '--failed', '--destination', name], at.env)
    assert.deepEqual([code, out], [0, 'Nothing has failed.\n'], err)
  }
})

test('deliveries drop gives up what has failed and says what; a second press is harmless', async () => {
  await using at = await desk()
  const id = at.ids['contact'] ?? ''
  const { code, out, err } = await run(['deliveries', 'drop', id], at.env)
  assert.equal(code, 0, err)
  assert.match(out, /record contact of flow lead-gen to hubspot, is dropped\. It had failed: HUBSPOT_PROPERTY: /)
  assert.match(out, /\n2 that waited for it go on\.\n$/)
  const again = await run(['deliveries', 'drop', id, '--json'], at.env)
  assert.deepEqual([again.code, JSON.parse(again.out)], [0, { ok: true, id, result: 'already' }])
  assert.equal((await run(['deliveries', '--failed'], at.env)).code, 0)
  assert.equal((await run(['destinations', 'status'], at.env)).code, 0)
  const shown = await run(['deliveries', 'show', id], at.env)
  assert.match(
    shown.out,
    / skipped\n[\s\S]*FG_DELIVERY_DROPPED: Given up by an operator\. It had failed: HUBSPOT_PROPERTY/,
  )
  assert.equal((await run(['replay', id], at.env)).out, `${id} is delivered or left out already; nothing is sent.\n`)
})

test('deliveries drop exits with 1 and in words for what cannot be dropped', async () => {
  await using at = await desk()
  const waiting = at.ids['tell-sales'] ?? ''
  const refused = await run(['deliveries', 'drop', waiting, '--json'], at.env)
  assert.equal(refused.code, 1)
  const { result, state, error } = JSON.parse(refused.out)
  assert.deepEqual([result, state, error.code], ['refused', 'waiting', 'FG_CLI_DELIVERY_STATE'])
  assert.match(error.message, /waits for records/)
  const none = await run(['deliveries', 'drop', 'dlv_none'], at.env)
  assert.deepEqual([none.code, none.out.startsWith('There is no delivery dlv_none.')], [1, true])
})

test('replay of what cannot be replayed exits with 1 and says what to do', async () => {
  await using at = await desk()
  const waiting = await run(['replay', at.ids['tell-sales'] ?? ''], at.env)
  assert.equal(waiting.code, 1)
  assert.match(waiting.out, /waits for records/)
  const none = await run(['replay', 'dlv_none'], at.env)
  assert.equal(none.code, 1)
  assert.match(none.out, /There is no delivery dlv_none/)
})

test('replay asks for one delivery or for --failed, not for both and not for neither', async () => {
  for (const argv of [['replay'], ['replay', 'dlv_x', '--failed']]) {
    const { code, err } = await run(argv)
    assert.equal(code, 2)
    assert.match(err, /one delivery, or --failed/)
  }
})

test('a database that cannot be reached or has no tables is named with the command that helps', async () => {
  const unreachable = await run(['deliveries'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
  assert.equal(unreachable.code, 2)
  assert.match(unreachable.err, /^DATABASE_URL: nothing listens at 127\.0\.0\.1:1\. Start PostgreSQL/)
  await using at = await desk()
  await at.pool.query('drop table attempts, deliveries cascade')
  const bare = await run(['deliveries'], at.env)
  assert.equal(bare.code, 2)
  assert.match(bare.err, /Run "flowgate migrate"/)
})

test('deliveries say what their submission came of, where it is not a finished form', async () => {
  await using at = await desk()
  const id = at.ids['contact'] ?? ''
  const shown = async () => (await run(['deliveries', 'show', id], at.env)).out
  assert.match(await shown(), /, accepted 20/)
  for (const [occasion, words] of [
    ['handed_over', 'handed over'],
    ['expired', 'opened after its end'],
  ] as const) {
    await at.pool.query('update submissions set occasion = $1', [occasion])
    assert.match((await run(['deliveries'], at.env)).out, new RegExp(`lead-gen/contact \\(${words}\\) +hubspot`))
    assert.match(await shown(), new RegExp(`, ${words} 20`))
    const { deliveries } = JSON.parse((await run(['deliveries', '--json'], at.env)).out)
    assert.equal(deliveries[0].occasion, occasion)
  }
})

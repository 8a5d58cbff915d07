import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postgresLine } from '../../../conformance/postgres-line.ts'
import { eventually } from '../../../support/eventually.ts'
import { call, crmOn, failureOf, type Ground, lead, newLead } from './ground.ts'

const TWENTY = Array.from({ length: 20 }, (_, index) => index)

/** Registers what any destination of this plugin promises when many write at once, and when something hangs or breaks. */
export function enduringTests(name: string, makeGround: () => Promise<Ground>): void {
  const PEOPLE = 'select id, name from leads order by id'

  test(`${name}: twenty identical records at once leave one row, made once`, async () => {
    await using ground = await makeGround()
    await using one = await crmOn(ground, { connections: 10, connect_within_ms: 10_000 })
    await using two = await crmOn(ground, { connections: 10, connect_within_ms: 10_000 })
    const people = ['upsert', 'both'].map((email) => ({ email, phone: `+${email.length}`, name: 'Ana' }))
    for (const [index, person] of people.entries()) {
      const receipts = await Promise.all(
        TWENTY.map((number) => (number % 2 === 0 ? one : two).deliver(lead(person), call('same'))),
      )
      assert.equal(receipts.filter(({ outcome }) => outcome === 'created').length, 1)
      assert.equal(new Set(receipts.map(({ id }) => id)).size, 1)
      assert.equal((await ground.run(PEOPLE)).length, index + 1)
    }
    const created = await Promise.all(
      TWENTY.map((number) => (number % 2 === 0 ? one : two).deliver(newLead({ name: 'Bea' }), call('create'))),
    )
    assert.deepEqual(new Set(created.map((receipt) => JSON.stringify(receipt))).size, 1)
    assert.equal((await ground.run(PEOPLE)).length, people.length + 1)
  })

  test(`${name}: a connection that breaks after the commit leaves one row, found by the next try`, async () => {
    await using ground = await makeGround()
    for (const [number, record] of [lead({ email: 'ana', name: 'Ana' }), newLead({ name: 'Ana' })].entries()) {
      const line = await postgresLine(ground.url)
      try {
        await using first = await crmOn(line)
        await using second = await crmOn(line)
        line.loseCommit()
        const lost = await failureOf(first.deliver(record, call(`lost-${number}`)))
        assert.deepEqual([lost.kind, lost.code], ['retryable', 'FG_SQL_UNREACHABLE'])
        assert.equal((await ground.run(PEOPLE)).length, number + 1)
        const { id } = await second.deliver(record, { ...call(`lost-${number}`), attempt: 2, uncertain: true })
        const rows = await ground.run(PEOPLE)
        assert.deepEqual([rows.length, String(rows[number]?.['id'])], [number + 1, id])
      } finally {
        await line.close()
      }
    }
  })

  test(`${name}: a connection that breaks before the commit leaves nothing, and the next try writes`, async () => {
    await using ground = await makeGround()
    const line = await postgresLine(ground.url)
    try {
      await using broken = await crmOn(line)
      line.cutWrites()
      assert.equal((await failureOf(broken.deliver(lead({ email: 'ana' }), call()))).kind, 'retryable')
      assert.equal(line.writes(), 1)
      assert.deepEqual(await ground.run(PEOPLE), [])
      await using whole = await crmOn(ground)
      assert.equal((await whole.deliver(lead({ email: 'ana' }), call())).outcome, 'created')
    } finally {
      await line.close()
    }
  })

  test(`${name}: a lock that is held too long is a failure that passes, and the row is written once it is free`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground, { statement_timeout_ms: 1_000 })
    const { id } = await crm.deliver(lead({ email: 'ana', name: 'Ana' }), call())
    await using other = await ground.other()
    await other.run(`update leads set notes = 'mine' where id = ${id}`)
    const held = await failureOf(crm.deliver(lead({ email: 'ana', name: 'Bea' }), call('held')))
    assert.equal(held.kind, 'retryable')
    assert.match(held.code, /^FG_SQL_(TIMEOUT|BUSY)$/)
    assert.deepEqual(await ground.run(PEOPLE), [{ id: Number(id), name: 'Ana' }])
    await other.end()
    assert.equal((await crm.deliver(lead({ email: 'ana', name: 'Bea' }), call('held'))).id, id)
    assert.deepEqual(await ground.run(PEOPLE), [{ id: Number(id), name: 'Bea' }])
  })

  test(`${name}: a deadlock is a failure that passes, and leaves what was there`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    await ground.run(`insert into companies (id, name) values (1, 'Acme')`)
    const record = lead({ email: 'ana', name: 'Ana' })
    const { id } = await crm.deliver(record, call())
    await using other = await ground.other()
    // Whoever has changed more is spared by servers that choose.
    await other.run(`insert into staff (email) values ${TWENTY.map((number) => `('${number}')`).join(', ')}`)
    await other.run('select id from companies where id = 1 for update')
    const linked = { ...record, fields: { email: 'ana', name: 'Bea' }, links: [{ object: 'companies', id: '1' }] }
    const delivering = failureOf(crm.deliver(linked, call('locked')))
    await eventually(async () => (await ground.waiting()) === 1)
    await other.run(`update leads set notes = 'mine' where id = ${id}`)
    const failure = await delivering
    assert.deepEqual([failure.kind, failure.code], ['retryable', 'FG_SQL_BUSY'])
    await other.end()
    assert.deepEqual(await ground.run(PEOPLE), [{ id: Number(id), name: 'Ana' }])
    assert.deepEqual(await crm.deliver(linked, call('locked')), { id, outcome: 'updated' })
    assert.deepEqual(await ground.run(PEOPLE), [{ id: Number(id), name: 'Bea' }])
  })

  test(`${name}: an abort ends the statement, at once here and soon on the server, and the pool goes on`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground, { connections: 1 })
    const { id } = await crm.deliver(lead({ email: 'ana', name: 'Ana' }), call())
    await using other = await ground.other()
    await other.run(`update leads set notes = 'mine' where id = ${id}`)
    for (let time = 0; time < 3; time += 1) {
      const abort = new AbortController()
      const delivering = failureOf(crm.deliver(lead({ email: 'ana', name: 'Bea' }), call('aborted', abort.signal)))
      await eventually(async () => (await ground.waiting()) === 1)
      abort.abort()
      // At once: not even one question to the server is answered before.
      const failure = await Promise.race([delivering, ground.run('select 1 as one')])
      assert.ok('kind' in failure, 'it waited for the server')
      assert.deepEqual([failure.kind, failure.code], ['retryable', 'FG_SQL_TIMEOUT'])
      await eventually(async () => (await ground.waiting()) === 0)
    }
    await other.end()
    assert.deepEqual(await ground.run(PEOPLE), [{ id: Number(id), name: 'Ana' }])
    assert.equal((await crm.deliver(lead({ email: 'ana', name: 'Bea' }), call())).outcome, 'updated')
  })
}

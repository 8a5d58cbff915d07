import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pool } from 'pg'
import type { BudgetAsk } from '../../src/registry/budget-ledger.ts'
import { createBudgetLedger, purgeBudgets } from '../../src/store/budgets.ts'
import { createPool } from '../../src/store/pool.ts'
import { testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'

const ask: BudgetAsk = {
  account: 'a',
  endpointClass: 'all',
  wanted: 3,
  requests: 5,
  perMs: 60_000,
  spareMs: 250,
  burst: 1_000,
  paceMs: 1,
}

async function stage() {
  const database = await testDatabase()
  const pool = createPool({ url: database.url, max: 8, name: 'test' })
  const rowOf = async (account: string) =>
    (await pool.query('select * from account_budgets where account = $1 and class <> $2', [account, '*'])).rows[0]
  return {
    pool,
    ledger: createBudgetLedger(pool),
    rowOf,
    async [Symbol.asyncDispose]() {
      await pool.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

test('a budget gives what is left of it and says when there is more', async () => {
  await using at = await stage()
  const before = performance.now()
  const first = await at.ledger.take(ask)
  assert.deepEqual([first.granted, first.waitMs], [3, 0])
  assert.ok(first.askedAt >= before && first.askedAt <= performance.now())
  const second = await at.ledger.take(ask)
  assert.equal(second.granted, 2)
  assert.ok(second.waitMs > 20_000 && second.waitMs <= 60_250 + 600, `${second.waitMs}`)
  assert.equal((await at.ledger.take(ask)).granted, 0)
  assert.equal((await at.ledger.take({ ...ask, endpointClass: 'search' })).granted, 3)
  assert.equal((await at.ledger.take({ ...ask, account: 'b' })).granted, 3)
  assert.equal((await at.ledger.take({ ...ask, requests: 7 })).granted, 2, 'a higher limit of another')
  assert.equal((await at.ledger.take({ ...ask, requests: 2 })).granted, 0, 'a lower one')
})

test('of many that ask at once, from the first of all on, no more than the limit are served', async () => {
  await using at = await stage()
  const taken = await Promise.all(Array.from({ length: 40 }, () => at.ledger.take({ ...ask, wanted: 2, requests: 25 })))
  assert.equal(
    taken.reduce((sum, { granted }) => sum + granted, 0),
    25,
  )
})

test('what was granted counts for the window and what a request may take, no longer, and its lots do not pile up', async () => {
  await using at = await stage()
  const brief = { ...ask, perMs: 2_000, spareMs: 500, wanted: 1, requests: 1_000 }
  const from = performance.now()
  const { granted } = await at.ledger.take({ ...brief, wanted: 999 })
  assert.equal(granted, 999)
  const full = await at.ledger.take({ ...brief, wanted: 2 })
  assert.equal(full.granted, 1)
  await eventually(async () => (await at.ledger.take({ ...brief, wanted: 500 })).granted === 500)
  assert.ok(performance.now() - from >= 2_495)
  for (let round = 0; round < 200; round += 1) await at.ledger.take(brief)
  const row = await at.rowOf('a')
  assert.ok(row.lot_ends.length > 1 && row.lot_ends.length <= 130, `${row.lot_ends.length} lots`)
})

test('what is granted at once is a part of the window, and the next part follows soon', async () => {
  await using at = await stage()
  const paced = { ...ask, requests: 50, wanted: 30, burst: 10, paceMs: 3_000 }
  const from = performance.now()
  const first = await at.ledger.take(paced)
  assert.equal(first.granted, 10)
  assert.ok(first.waitMs > 2_900 && first.waitMs <= 3_000 + 600, `${first.waitMs}`)
  const second = await at.ledger.take(paced)
  assert.equal(second.granted, 0)
  assert.ok(second.waitMs > 0 && second.waitMs <= first.waitMs)
  await eventually(async () => (await at.ledger.take(paced)).granted === 10)
  assert.ok(performance.now() - from >= 2_995)
  const unpaced = await at.ledger.take({ ...ask, requests: 50, wanted: 40 })
  assert.deepEqual([unpaced.granted, unpaced.waitMs > 10_000], [30, true], 'the window as a whole is kept to as well')
})

test('a clock that was set back does not close a budget for ever', async () => {
  await using at = await stage()
  await at.ledger.take(ask)
  await at.pool.query(`update account_budgets set lot_ends = array[lot_ends[1] + 86400000]`)
  const { granted, waitMs } = await at.ledger.take({ ...ask, wanted: 4 })
  assert.equal(granted, 2, 'what it had granted still counts')
  assert.ok(waitMs < 125_000, `${waitMs}`)
})

test('a hold stops every class of the account, the longer of two stays, and others go on', async () => {
  await using at = await stage()
  await at.ledger.take({ ...ask, endpointClass: 'search' })
  await at.ledger.hold('a', 300_000)
  await at.ledger.hold('a', 10)
  for (const endpointClass of ['all', 'search']) {
    const { granted, waitMs } = await at.ledger.take({ ...ask, endpointClass })
    assert.equal(granted, 0)
    assert.ok(waitMs > 200_000 && waitMs <= 300_000, `${waitMs}`)
  }
  assert.equal((await at.ledger.take({ ...ask, account: 'b' })).granted, 3)
})

test('accounts that nobody asks any more are forgotten', async () => {
  await using at = await stage()
  await at.ledger.take(ask)
  await at.ledger.take({ ...ask, account: 'old' })
  await age(at.pool)
  await purgeBudgets(at.pool)
  assert.equal(await at.rowOf('old'), undefined)
  assert.ok(await at.rowOf('a'))
})

async function age(pool: Pool): Promise<void> {
  await pool.query(`update account_budgets set changed_at = changed_at - interval '3 days' where account = 'old'`)
}

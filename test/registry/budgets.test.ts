import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BudgetLimit, FailureError } from 'flowgate/plugin'
import { accountBudget } from '../../src/registry/account-budget.ts'
import { type BudgetAsk, type BudgetLedger, createLedgerInMemory } from '../../src/registry/budget-ledger.ts'
import { type Budget, createBudgets } from '../../src/registry/budgets.ts'
import { withinCall } from '../../src/registry/call-scope.ts'
import { createPluginContext } from '../../src/registry/plugin-context.ts'

const going = new AbortController().signal
const tight: Budget = { account: 'a', endpointClass: 'all', requests: 4, perSeconds: 0.3 }

/** A ledger in memory that notes what it was asked. */
function notedLedger(take: BudgetLedger['take'] = createLedgerInMemory().take) {
  const asks: BudgetAsk[] = []
  const holds: number[] = []
  const ledger: BudgetLedger = {
    take(ask) {
      asks.push(ask)
      return take(ask)
    },
    hold: async (_, forMs) => void holds.push(forMs),
  }
  return { ledger, asks, holds }
}

async function failureOf(promise: Promise<unknown>) {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown) => thrown,
  )
  assert.ok(error instanceof FailureError && error.failure.kind === 'rate-limited')
  return error.failure
}

test('a budget lets through no more than its limit in any window', async () => {
  const budgets = createBudgets(createLedgerInMemory())
  const at: number[] = []
  await Promise.all(
    Array.from({ length: 14 }, async () => {
      await budgets.spend(tight, going)
      at.push(performance.now())
    }),
  )
  assert.equal(at.length, 14)
  for (const [index, moment] of at.entries()) {
    const before = at[index - tight.requests]
    assert.ok(before === undefined || moment - before >= 300, `${index} came ${moment - (before ?? 0)} ms after`)
  }
})

test('those who wait are served in turn, and by few questions', async () => {
  const { ledger, asks } = notedLedger(async ({ wanted }) => ({
    granted: wanted,
    waitMs: 0,
    askedAt: performance.now(),
  }))
  const budgets = createBudgets(ledger)
  const served: number[] = []
  const wide = { ...tight, requests: 500 }
  await Promise.all(
    Array.from({ length: 120 }, (_, index) => budgets.spend(wide, going).then(() => served.push(index))),
  )
  assert.deepEqual(
    served,
    Array.from({ length: 120 }, (_, index) => index),
  )
  assert.deepEqual(
    asks.map(({ wanted }) => wanted),
    [1, 50, 50, 19],
  )
})

test('who gives up is told when to come back, and takes nothing from the others', async () => {
  const { ledger, asks } = notedLedger(async () => ({ granted: 0, waitMs: 500_000, askedAt: performance.now() }))
  const budgets = createBudgets(ledger)
  const giving = new AbortController()
  const spending = failureOf(budgets.spend(tight, giving.signal))
  const other = failureOf(budgets.spend(tight, AbortSignal.timeout(50)))
  giving.abort()
  const failure = await spending
  assert.equal(failure.code, 'FG_BUDGET_SPENT')
  assert.match(failure.message, /4 requests of the class all in 0\.3 s/)
  const { retryAfterSeconds = 0 } = await other
  assert.ok(retryAfterSeconds > 300 && retryAfterSeconds <= 500, `${retryAfterSeconds} s`)
  assert.equal((await failureOf(budgets.spend(tight, giving.signal))).code, 'FG_BUDGET_SPENT', 'aborted before')
  assert.equal(asks.length, 1)
})

test('who cannot be served before the call ends is told at once', async () => {
  const { ledger, asks } = notedLedger(async () => ({ granted: 0, waitMs: 240_000, askedAt: performance.now() }))
  const budgets = createBudgets(ledger)
  const endsAt = performance.now() + 120_000
  const failure = await withinCall({ endsAt }, () => failureOf(budgets.spend(tight, going)))
  assert.equal(failure.retryAfterSeconds, 240)
  assert.equal(asks.length, 1)
})

test('a grant that came too late is not used; the next one may take its time and counts for longer', async () => {
  const tooLate = 2_000
  const at: number[] = []
  const { ledger, asks } = notedLedger(async () => {
    at.push(performance.now())
    return { granted: 1, waitMs: 0, askedAt: performance.now() - tooLate }
  })
  await createBudgets(ledger).spend(tight, going)
  const [first = 0, second = 0] = at
  const [usual, longer = 0] = asks.map(({ spareMs }) => spareMs)
  assert.deepEqual([asks.length, usual], [2, 250])
  // Twice the time it took, which was over when the second was asked for, and the way to the vendor.
  const most = 2 * (tooLate + second - first) + 150
  assert.ok(longer >= 2 * tooLate + 150 && longer <= most, `${longer} ms of ${most}`)
})

test('where the ledger is out of order nothing is sent, and the delivery comes back', async () => {
  const { ledger } = notedLedger(() => Promise.reject(new Error('no connection to secret-host')))
  const failure = await failureOf(createBudgets(ledger).spend(tight, going))
  assert.equal(failure.code, 'FG_BUDGET_UNKNOWN')
  assert.doesNotMatch(failure.message, /secret-host/)
})

test('after a hold nobody with the account is served before its end, and a long one is cut', async () => {
  const budgets = createBudgets(createLedgerInMemory())
  const from = performance.now()
  await budgets.hold('a', 0.2)
  await Promise.all([budgets.spend(tight, going), budgets.spend({ ...tight, endpointClass: 'search' }, going)])
  assert.ok(performance.now() - from >= 195)
  await budgets.spend({ ...tight, account: 'b' }, going)
  const { ledger, holds } = notedLedger()
  await createBudgets(ledger).hold('a', 3_600)
  assert.deepEqual(holds, [60_000])
  await createBudgets({ ...ledger, hold: () => Promise.reject(new Error('down')) }).hold('a', 1)
})

test('an account is known by a hash of plugin and account, and the operator has the last word on its limits', () => {
  const told = {
    account: 'token',
    limits: { all: { requests: 100, perSeconds: 10 }, search: { requests: 5, perSeconds: 1 } },
  }
  const plain = accountBudget('crm', told, new Map())
  assert.match(plain.account, /^[0-9a-f]{64}$/)
  assert.deepEqual(Object.fromEntries(plain.limits), told.limits)
  assert.notEqual(accountBudget('another', told, new Map()).account, plain.account)
  const written = new Map<string, BudgetLimit | 'unlimited'>([
    ['all', { requests: 190, perSeconds: 10 }],
    ['search', 'unlimited'],
  ])
  const { account, limits } = accountBudget('crm', told, written)
  assert.equal(account, plain.account)
  assert.deepEqual([...limits], [['all', { requests: 190, perSeconds: 10 }]])
})

test('a class without a limit costs nothing', async () => {
  const { ledger, asks } = notedLedger()
  const lent = {
    name: 'crm',
    tokenPlace: 'crm',
    folder: '.',
    log: { info: () => {}, warn: () => {} },
    clock: { now: () => new Date() },
    allowHosts: [],
    crm: () => Promise.reject(new Error('none')),
    budgets: createBudgets(ledger),
    tokens: { get: () => Promise.reject(new Error('none')) },
  }
  await createPluginContext({ ...lent, budget: undefined }).spend('all', going)
  const budget = { account: 'a', limits: new Map([['search', { requests: 5, perSeconds: 1 }]]) }
  const context = createPluginContext({ ...lent, budget })
  await context.spend('all', going)
  assert.equal(asks.length, 0)
  await context.spend('search', going)
  assert.deepEqual(
    asks.map(({ account, endpointClass, requests, perMs }) => [account, endpointClass, requests, perMs]),
    [['a', 'search', 5, 1_000]],
  )
})

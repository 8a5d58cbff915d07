import { FailureError } from '../plugin/failure.ts'
import type { BudgetLedger, BudgetTaken } from './budget-ledger.ts'
import { callUnderWay, outsideCalls } from './call-scope.ts'

/** One class of requests of one account. */
export interface Budget {
  /** A hash: accounts may be told apart by their credentials. */
  readonly account: string
  readonly endpointClass: string
  readonly requests: number
  readonly perSeconds: number
}

export interface Budgets {
  /**
   * Waits for leave to send one request at once. Rejects with a FailureError of kind `rate-limited` when the signal aborts, or
   * as soon as it is certain that the wait would outlast the call.
   */
  spend(budget: Budget, signal: AbortSignal): Promise<void>
  /** The vendor said when to come back: nobody with this account asks it anything before. Never rejects. */
  hold(account: string, forSeconds: number): Promise<void>
}

/** A grant that came back later than this is not used: it is no longer known when it would reach the vendor. */
const USE_WITHIN_MS = 100
/** From the use of a grant to its arrival at the vendor; how much longer one takes than another, that is. */
const WAY_MS = 150
/** Where the database is slow, grants are used later and count longer. */
const MOST_USE_WITHIN_MS = 5_000
/** Of one budget at a time, so that other processes get their turn and what is granted can be sent at once. */
const MOST_AT_A_TIME = 50
/**
 * A window is spent in so many parts, not at once. Nobody knows how long a request is on its way, on a busy machine least of
 * all; if a whole window went out together, one that is late would be too many in the next.
 */
const PARTS = 5
/** Somebody else may have given up what they waited for, and a hold may have begun. */
const LOOK_AGAIN_WITHIN_MS = 5_000
/** A vendor that wants to be left alone for longer than this keeps its destination from delivering all the same. */
const LONGEST_HOLD_MS = 60_000
const LEDGER_TROUBLE_SECONDS = 5

interface Waiter {
  readonly endsAt: number | undefined
  readonly go: () => void
  readonly refuse: (error: FailureError) => void
}

/** Lends out what accounts may be asked, first come first served in this process. */
export function createBudgets(ledger: BudgetLedger): Budgets {
  const lines = new Map<string, Line>()
  return {
    spend(budget, signal) {
      const key = JSON.stringify([budget.account, budget.endpointClass, budget.requests, budget.perSeconds])
      let line = lines.get(key)
      if (line === undefined) {
        line = new Line(budget, ledger)
        lines.set(key, line)
      }
      return line.spend(signal)
    },
    async hold(account, forSeconds) {
      const forMs = Math.min(forSeconds * 1_000, LONGEST_HOLD_MS)
      // It saves requests that would be refused; nothing depends on it.
      await ledger.hold(account, forMs).catch(() => {})
    },
  }
}

/** Those who wait for one budget. One of them asks for all. */
class Line {
  readonly #budget: Budget
  readonly #ledger: BudgetLedger
  readonly #waiters = new Set<Waiter>()
  #useWithinMs = USE_WITHIN_MS
  #serving = false
  /** `performance.now()` before which the ledger has nothing. */
  #nothingBefore = 0

  constructor(budget: Budget, ledger: BudgetLedger) {
    this.#budget = budget
    this.#ledger = ledger
  }

  spend(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiters.delete(waiter)
        signal.removeEventListener('abort', abort)
      }
      const waiter: Waiter = {
        endsAt: callUnderWay().endsAt,
        go: () => {
          leave()
          resolve()
        },
        refuse: (error) => {
          leave()
          reject(error)
        },
      }
      const abort = () => waiter.refuse(this.#spent(this.#nothingBefore - performance.now()))
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      this.#waiters.add(waiter)
      if (!this.#serving) void outsideCalls(() => this.#serve())
    })
  }

  async #serve(): Promise<void> {
    this.#serving = true
    try {
      while (this.#waiters.size > 0) {
        const taken = await this.#take()
        this.#give(taken)
        if (taken.waitMs > 0 && this.#waiters.size > 0) await pause(Math.min(taken.waitMs, LOOK_AGAIN_WITHIN_MS))
      }
    } catch (error) {
      for (const waiter of [...this.#waiters]) waiter.refuse(unknown(error))
    } finally {
      this.#serving = false
    }
  }

  #take(): Promise<BudgetTaken> {
    const { account, endpointClass, requests, perSeconds } = this.#budget
    const [perMs, spareMs, burst] = [perSeconds * 1_000, this.#useWithinMs + WAY_MS, Math.ceil(requests / PARTS)]
    const wanted = Math.min(this.#waiters.size, MOST_AT_A_TIME, Math.ceil(burst / 2))
    const paceMs = (perMs + spareMs) / PARTS
    return this.#ledger.take({ account, endpointClass, wanted, requests, perMs, spareMs, burst, paceMs })
  }

  #give({ granted, waitMs, askedAt }: BudgetTaken): void {
    const now = performance.now()
    this.#nothingBefore = now + waitMs
    const tookMs = now - askedAt
    const late = tookMs > this.#useWithinMs
    this.#useWithinMs = late
      ? Math.min(tookMs * 2, MOST_USE_WITHIN_MS)
      : Math.max(USE_WITHIN_MS, this.#useWithinMs * 0.9)
    if (!late) for (const waiter of [...this.#waiters].slice(0, granted)) waiter.go()
    if (waitMs > 0) this.#refuseHopeless(now)
  }

  /** Whoever would still wait when its call ends is told now: so nobody waits in vain, and the place is free for others. */
  #refuseHopeless(now: number): void {
    const { requests, perSeconds } = this.#budget
    for (const [place, waiter] of [...this.#waiters].entries()) {
      const soonest = this.#nothingBefore + Math.floor(place / requests) * perSeconds * 1_000
      if (waiter.endsAt !== undefined && soonest > waiter.endsAt) waiter.refuse(this.#spent(soonest - now))
    }
  }

  #spent(afterMs: number): FailureError {
    const { endpointClass, requests, perSeconds } = this.#budget
    return new FailureError({
      kind: 'rate-limited',
      code: 'FG_BUDGET_SPENT',
      message: `The account is asked ${requests} requests of the class ${endpointClass} in ${perSeconds} s at most, and all of them are spent. It goes on by itself.`,
      // A fraction of a millisecond is no second more.
      retryAfterSeconds: Math.max(1, Math.ceil(Math.floor(afterMs) / 1_000)),
    })
  }
}

function unknown(cause: unknown): FailureError {
  const message =
    'The database does not say what is left of the account’s budget, so nothing is sent. It is tried again.'
  const retryAfterSeconds = LEDGER_TROUBLE_SECONDS
  return new FailureError({ kind: 'rate-limited', code: 'FG_BUDGET_UNKNOWN', message, retryAfterSeconds }, { cause })
}

/** Somewhat longer, and not the same in every process: all wait for the same moment. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms + 1 + Math.random() * 10))
}

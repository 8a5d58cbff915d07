/** How many requests of one class are wanted of an account, and what it may be asked. */
export interface BudgetAsk {
  /** A hash of whose budget it is. */
  readonly account: string
  readonly endpointClass: string
  readonly wanted: number
  /** At most so many … */
  readonly requests: number
  /** … in any span of so many milliseconds. */
  readonly perMs: number
  /** How long after its grant a request may still arrive at the vendor, in milliseconds: it counts so much longer. */
  readonly spareMs: number
  /** Of those, at most so many at once, that is in any `paceMs`: then one that is late finds room in the next window. */
  readonly burst: number
  readonly paceMs: number
}

export interface BudgetTaken {
  /** From 0 to as many as were wanted. */
  readonly granted: number
  /** Milliseconds until there may be more; 0 where all were granted. */
  readonly waitMs: number
  /** `performance.now()` shortly before the grant. */
  readonly askedAt: number
}

/** Where it is written down what accounts were asked: for one process, or for all of them. */
export interface BudgetLedger {
  take(ask: BudgetAsk): Promise<BudgetTaken>
  /** Grants nothing more of an account for so long. */
  hold(account: string, forMs: number): Promise<void>
}

interface Lot {
  readonly until: number
  readonly size: number
}

/** A ledger for one process alone: commands, and tests. */
export function createLedgerInMemory(): BudgetLedger {
  const lots = new Map<string, readonly Lot[]>()
  const held = new Map<string, number>()
  return {
    async take({ account, endpointClass, wanted, requests, perMs, spareMs, burst, paceMs }) {
      const askedAt = performance.now()
      const key = JSON.stringify([account, endpointClass])
      const counting = (lots.get(key) ?? []).filter(({ until }) => until > askedAt)
      const recentEnd = askedAt + perMs + spareMs - paceMs
      const recent = counting.filter(({ until }) => until > recentEnd)
      const heldUntil = held.get(account) ?? 0
      const left = Math.min(requests - sizeOf(counting), burst - sizeOf(recent))
      const granted = heldUntil > askedAt ? 0 : Math.max(0, Math.min(wanted, left))
      const until = askedAt + perMs + spareMs
      const after = granted === 0 ? counting : [...counting, { until, size: granted }]
      lots.set(key, after)
      if (granted === wanted) return { granted, waitMs: 0, askedAt }
      const isEmpty = sizeOf(after) >= requests
      const moreAt = isEmpty ? (after[0]?.until ?? askedAt) : (recent[0]?.until ?? until) - recentEnd + askedAt
      return { granted, waitMs: Math.max(1, heldUntil - askedAt, moreAt - askedAt), askedAt }
    },
    async hold(account, forMs) {
      held.set(account, Math.max(held.get(account) ?? 0, performance.now() + forMs))
    },
  }
}

function sizeOf(lots: readonly Lot[]): number {
  return lots.reduce((sum, { size }) => sum + size, 0)
}

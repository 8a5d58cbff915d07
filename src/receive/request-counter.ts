import type { Clock } from '../clock.ts'

/** How long a count lasts. All processes cut time at the same full minutes, so their counts can be added. */
export const WINDOW_MS = 60_000

/**
 * A key is shared with other processes from this part of the limit on. Ordinary people never get there, so what is
 * settled stays small; the price is that every other process may let through one twentieth of the limit more.
 */
const SHARED_FROM = 1 / 20

interface Count {
  own: number
  /** What other processes had counted when last asked. */
  others: number
  /** The own count that others know of. */
  told: number
}

/** What one process has counted in one window and not told the others yet. */
export interface Untold {
  readonly windowStart: Date
  readonly counts: ReadonlyMap<string, number>
}

/** Counts requests by key in windows of one minute, in memory alone: the request path never waits for it. */
export class RequestCounter {
  readonly #clock: Clock
  readonly #sharedFrom: number
  readonly #counts = new Map<string, Count>()
  #windowStartMs = 0

  /** `perMinute` is the limit that matters: it decides from when on a key is shared. */
  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock
    this.#sharedFrom = Math.max(1, Math.floor(perMinute * SHARED_FROM))
  }

  /** Counts one request. `current` includes it and what other processes were known to have counted; `ttl` is what is left of the window, in milliseconds. */
  increment(key: string): { readonly current: number; readonly ttl: number } {
    const nowMs = this.#turnWindow()
    let count = this.#counts.get(key)
    if (count === undefined) {
      count = { own: 0, others: 0, told: 0 }
      this.#counts.set(key, count)
    }
    count.own += 1
    return { current: count.own + count.others, ttl: this.#windowStartMs + WINDOW_MS - nowMs }
  }

  /** The counts that other processes should hear of now. */
  untold(): Untold {
    this.#turnWindow()
    const counts = new Map<string, number>()
    for (const [key, { own, told }] of this.#counts) {
      if (own >= this.#sharedFrom && own > told) counts.set(key, own)
    }
    return { windowStart: new Date(this.#windowStartMs), counts }
  }

  /** Notes that `told` has been told and what the others had. Of a window that is over by now nothing is kept. */
  settle(told: Untold, others: ReadonlyMap<string, number>): void {
    this.#turnWindow()
    if (told.windowStart.getTime() !== this.#windowStartMs) return
    for (const [key, own] of told.counts) {
      const count = this.#counts.get(key)
      if (count !== undefined) count.told = own
    }
    for (const [key, sum] of others) {
      const count = this.#counts.get(key)
      if (count === undefined) this.#counts.set(key, { own: 0, others: sum, told: 0 })
      else count.others = sum
    }
  }

  #turnWindow(): number {
    const nowMs = this.#clock.now().getTime()
    const startMs = nowMs - (nowMs % WINDOW_MS)
    if (startMs !== this.#windowStartMs) {
      this.#windowStartMs = startMs
      this.#counts.clear()
    }
    return nowMs
  }
}

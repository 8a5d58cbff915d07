import { UnansweredError } from './exchange.ts'

/**
 * One at a time for each key, within this process. Salesforce itself keeps unique fields apart; this is for the others,
 * where looking and creating are two requests, and saves unique ones a clash and a repeat.
 */
export class Serial {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs the action once those before it with the same key have ended. Rejects when the signal aborts while it waits. */
  async run<Result>(key: string, signal: AbortSignal, action: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve()
    const running = before.then(() => {
      if (signal.aborted) throw new UnansweredError('aborted', 'The call was ended before it was its turn')
      return action()
    })
    const ended = running.catch(() => undefined)
    this.#last.set(key, ended)
    ended.then(() => {
      if (this.#last.get(key) === ended) this.#last.delete(key)
    })
    return await Promise.race([running, abortOf(signal)])
  }
}

/** Rejects with the abort, but only after whatever was under way had its own chance to say how it ended. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = () => setImmediate(() => reject(new UnansweredError('aborted', 'The call was ended while it waited')))
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

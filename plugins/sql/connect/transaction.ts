import type { Bound, Outcome, Work } from './database.ts'
import { TooManyRows } from './rows.ts'

/** A connection lent from a pool for one transaction. It goes back once. */
export interface Lent {
  begin(): Promise<void>
  /** Runs a statement prepared, with its values bound. Rejects with TooManyRows while more are on their way. */
  run(bound: Bound): Promise<Outcome>
  commit(): Promise<void>
  rollback(): Promise<void>
  /** Back into the pool, for the next. */
  release(): void
  /** Closes it, and ends aside what it may still have `running` on the server. */
  drop(running: boolean): void
}

/** The call was told to end before the database had answered: nobody can say whether it took place. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime'
}

/**
 * Does work in a transaction of its own: kept, or undone where the work rejects or nothing is `kept`, so that a question
 * leaves nothing behind on the connection either. Rejects with what the connection or the work threw, or with OutOfTime at
 * once when `signal` aborts.
 */
export async function transact<Result>(
  lending: Promise<Lent>,
  work: Work<Result>,
  signal: AbortSignal,
  kept: boolean,
): Promise<Result> {
  // A connection that comes too late has done nothing and is as good as new.
  const lent = await within(signal, lending, () => {
    lending.then(
      (late) => late.release(),
      () => {},
    )
  })
  let fate: 'whole' | 'lost' | 'flooded' | 'dropped' = 'whole'
  const whole = async () => {
    try {
      await lent.begin()
      const result = await work((bound) => lent.run(bound))
      await (kept ? lent.commit() : lent.rollback())
      return result
    } catch (error) {
      const undone = error instanceof TooManyRows ? 'flooded' : await rolledBack(lent)
      if (fate === 'whole') fate = undone
      throw error
    }
  }
  try {
    return await within(signal, whole(), () => {
      fate = 'dropped'
      lent.drop(true)
    })
  } finally {
    if (fate === 'whole') lent.release()
    else if (fate !== 'dropped') lent.drop(fate === 'flooded')
  }
}

async function rolledBack(lent: Lent): Promise<'whole' | 'lost'> {
  try {
    await lent.rollback()
    return 'whole'
  } catch {
    return 'lost'
  }
}

/** What `work` resolves or rejects with, or at once OutOfTime when `signal` aborts first, after `abandon`. */
async function within<Result>(signal: AbortSignal, work: Promise<Result>, abandon: () => void): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const stop = () => {
    abandon()
    reject(new OutOfTime('the call was told to end'))
  }
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([aborted, work])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

import { FailureError } from 'flowgate/plugin'
import type { Accept, Bound, Outcome } from './database.ts'
import { OUT_OF_TIME } from './failure.ts'
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

/**
 * Runs a statement in a transaction of its own: undone where `accept` throws, and where there is none, so that a question
 * leaves nothing behind on the connection either. Rejects with what the connection or `accept`
 * threw, or with a FailureError at once when `signal` aborts: then nobody can say whether it took place.
 */
export async function transact(
  lending: Promise<Lent>,
  bound: Bound,
  signal: AbortSignal,
  accept: Accept | undefined,
): Promise<Outcome> {
  // A connection that comes too late has done nothing and is as good as new.
  const lent = await within(signal, lending, () => {
    lending.then(
      (late) => late.release(),
      () => {},
    )
  })
  let fate: 'whole' | 'lost' | 'flooded' | 'dropped' = 'whole'
  const work = async () => {
    try {
      await lent.begin()
      const outcome = await lent.run(bound)
      if (accept === undefined) await lent.rollback()
      else {
        accept(outcome)
        await lent.commit()
      }
      return outcome
    } catch (error) {
      const undone = error instanceof TooManyRows ? 'flooded' : await rolledBack(lent)
      if (fate === 'whole') fate = undone
      throw error
    }
  }
  try {
    return await within(signal, work(), () => {
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

/** What `work` resolves or rejects with, or at once a FailureError when `signal` aborts first, after `abandon`. */
async function within<Result>(signal: AbortSignal, work: Promise<Result>, abandon: () => void): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const stop = () => {
    abandon()
    reject(new FailureError(OUT_OF_TIME))
  }
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([aborted, work])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

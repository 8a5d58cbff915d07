import type { Pool } from 'pg'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { keepSourceAnswer, outdateSourceAnswers, readSourceAnswer } from '../store/source-answers.ts'
import type { AnswerCache, Lifetime } from './answer-cache.ts'
import { type SoundAnswer, soundAnswer } from './sound-answer.ts'
import { within } from './within.ts'

/** One source's answers in the database, where all processes find them. No trouble there keeps anyone from an answer. */
export interface StoredAnswers {
  /** Brings what another process was answered into this one's cache. Resolves in time in any case. */
  fetch(key: string, into: AnswerCache, withinMs: number): Promise<void>
  /** Written aside, in the order of the calls: nobody waits. */
  write(key: string, sound: SoundAnswer, lifetime: Lifetime): void
  /** As `AnswerCache.outdate`, for all processes that have not read it yet. Written aside, in the order of the calls. */
  outdate(): void
}

export interface StoredAnswersOptions {
  readonly source: string
  readonly pool: Pool
  readonly clock: Clock
  readonly log: Log
  /** Is told of everything that goes on aside. */
  readonly aside: (work: Promise<unknown>) => void
  /** What a person waits for the database at most, in milliseconds. Default 250. */
  readonly readWithinMs?: number | undefined
}

/** Asking the source itself is the better use of more. */
const READ_WITHIN_MS = 250

/** The answers of one source that processes share. */
export function createStoredAnswers(options: StoredAnswersOptions): StoredAnswers {
  const { source, pool, clock, log, aside, readWithinMs = READ_WITHIN_MS } = options
  const quietly = (work: Promise<unknown>, doing: string): Promise<unknown> =>
    work.catch((error: unknown) => log.warn({ error, doing }, 'source.unshared'))
  // One after another: each goes over a connection of its own, and an answer from before a change that is written after
  // the change was noted would be fresh again.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => Promise<unknown>, doing: string): void => {
    last = last.then(() => quietly(work(), doing))
    aside(last)
  }
  return {
    async fetch(key, into, withinMs) {
      const patienceMs = Math.max(1, Math.min(readWithinMs, Math.floor(withinMs / 2)))
      const read = async () => {
        const row = await readSourceAnswer(pool, { source, key, now: clock.now() }, patienceMs)
        if (row !== undefined) into.adopt(key, soundAnswer(row.answer), row)
      }
      await within(quietly(read(), 'reading'), patienceMs)
    },
    write(key, { answer }, lifetime) {
      inTurn(() => keepSourceAnswer(pool, { source, key, answer, ...lifetime }), 'writing')
    },
    outdate() {
      inTurn(() => outdateSourceAnswers(pool, source), 'outdating')
    },
  }
}

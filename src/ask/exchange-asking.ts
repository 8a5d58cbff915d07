import type { Pool } from 'pg'
import type { Clock } from '../clock.ts'
import type { Asking, Question, Reply, Reservation, Reserved, SourceFallback } from '../flow/asking.ts'
import type { Log } from '../log.ts'
import { FailureError } from '../plugin/failure.ts'
import { dropReservation, holdReservation } from '../store/reservations.ts'
import { questionKey } from './question-key.ts'
import { soundAnswer } from './sound-answer.ts'
import type { DeskQuestion, Found, SourceDesk } from './source-desk.ts'
import { within } from './within.ts'

/** One question that was put. `open`: nobody was asked because the source keeps failing; `stale`: an older answer stood in. */
export interface Asked {
  readonly source: string
  readonly outcome: 'fresh' | 'cached' | 'stale' | 'failed' | 'open'
  /** What the exchange waited. */
  readonly seconds: number
}

export interface ExchangeAskingOptions {
  /** For all questions together, from now. */
  readonly deadlineMs: number
  readonly desk: (source: string) => SourceDesk | undefined
  readonly pool: Pool
  readonly clock: Clock
  readonly log: Log
  readonly onAsked: (asked: Asked) => void
}

type Holding = Parameters<Asking['reserve']>[1]

/** Whoever has less time left could not wait for an answer, so nothing is asked. */
const LEAST_MS = 5

const UNKNOWN: Reply & Reserved = { kind: 'unavailable', fallback: undefined }
const FAILED: Found = { outcome: 'failed' }

/** The questions of one exchange: the same one is put once, and all of them together wait no longer than the deadline. */
export function createExchangeAsking(options: ExchangeAskingOptions): Asking {
  const { deadlineMs, desk, pool, clock, log, onAsked } = options
  const endsAt = performance.now() + deadlineMs
  const memo = new Map<string, Promise<Found>>()
  const leftMs = () => endsAt - performance.now()

  const hear = async (asked: SourceDesk, question: DeskQuestion): Promise<Found> => {
    const kept = asked.find(question)
    if (kept !== undefined) return kept
    const patienceMs = Math.min(leftMs(), asked.settings.answerWithinMs)
    return (patienceMs < LEAST_MS ? undefined : await within(asked.fetch(question), patienceMs)) ?? FAILED
  }

  const ask = async (question: Question): Promise<Reply> => {
    const asked = desk(question.source)
    if (asked === undefined) return UNKNOWN
    const { query, parameters, fresh } = question
    const from = performance.now()
    const key = questionKey(query, parameters)
    const name = `${question.source}\n${fresh}\n${key}`
    const before = memo.get(name)
    const hearing = before ?? hear(asked, { key, query, parameters, fresh })
    memo.set(name, hearing)
    const found = await hearing
    const stood = 'answer' in found || fresh || !lets(question, asked) ? undefined : asked.standIn(key)
    if (before === undefined) tell(asked, stood === undefined ? found.outcome : 'stale', from)
    if ('answer' in found) return { kind: 'answered', value: found.answer }
    return stood === undefined ? unavailable(asked) : { kind: 'answered', value: stood }
  }

  const reserve = async (reservation: Reservation, holding: Holding): Promise<Reserved> => {
    const asked = desk(reservation.source)
    if (asked === undefined) return UNKNOWN
    const from = performance.now()
    const { outcome, reserved } = await hold(asked, reservation, holding)
    tell(asked, outcome, from)
    return reserved
  }

  const hold = async (
    asked: SourceDesk,
    { key, source, reserve: query, release, parameters }: Reservation,
    { flow, token, id }: Holding,
  ): Promise<{ readonly outcome: Asked['outcome']; readonly reserved: Reserved }> => {
    const none = (outcome: Asked['outcome']) => ({ outcome, reserved: unavailable(asked) })
    if (asked.isOpen()) return none('open')
    if (leftMs() < LEAST_MS) return none('failed')
    const row = { key, flow, token, sessionId: id, source, release, parameters, reservedAt: clock.now() }
    // Committed first: whatever becomes of this process, what the source may hold is known and given back. Where that is
    // just being done to this very one, the source must not be asked.
    if ((await inTime(holdReservation(pool, row), 'writing', source)) !== true) return none('failed')
    const patienceMs = Math.min(leftMs(), asked.settings.answerWithinMs)
    if (patienceMs < LEAST_MS) return none('failed')
    const calling = asked.change(key, async (instance, call) => {
      if (instance.reserve === undefined) throw cannotReserve(source)
      const held = await instance.reserve(query, parameters, call)
      return held === undefined ? undefined : soundAnswer(held)
    })
    const heard = await within(calling, patienceMs)
    // It may be held all the same: the row stays until somebody has asked for it to be given back.
    if (heard?.kind !== 'answered') return none(heard?.kind ?? 'failed')
    forget(asked)
    if (heard.result !== undefined) return { outcome: 'fresh', reserved: { kind: 'held', value: heard.result.answer } }
    await inTime(dropReservation(pool, key), 'dropping', source)
    return { outcome: 'fresh', reserved: { kind: 'taken' } }
  }

  /** What is free has changed, so nothing this exchange found out before may be shown as if it were so now. */
  const forget = (asked: SourceDesk): void => {
    for (const name of memo.keys()) if (name.startsWith(`${asked.settings.name}\n`)) memo.delete(name)
  }

  /** `undefined` where the database rejects it or takes too long. */
  const inTime = <Result>(work: Promise<Result>, doing: string, source: string): Promise<Result | undefined> => {
    const settled = work.catch((error: unknown) => {
      log.error({ error, doing, source }, 'reservation.unwritten')
      return undefined
    })
    return within(settled, leftMs())
  }

  const tell = (asked: SourceDesk, outcome: Asked['outcome'], from: number): void =>
    onAsked({ source: asked.settings.name, outcome, seconds: (performance.now() - from) / 1_000 })

  return { ask, reserve }
}

function cannotReserve(source: string): FailureError {
  const message = `The plugin of ${source} cannot hold anything: reserve at another source.`
  return new FailureError({ kind: 'permanent', scope: 'record', code: 'FG_SOURCE_CANNOT_RESERVE', message })
}

/** Whether an older answer may stand in: the ask says so, or the source does for asks that say nothing. */
function lets({ staleIfUnavailable }: Question, { settings }: SourceDesk): boolean {
  return staleIfUnavailable ?? settings.ifUnavailable.includes('stale')
}

function unavailable({ settings }: SourceDesk): {
  readonly kind: 'unavailable'
  readonly fallback: SourceFallback | undefined
} {
  return { kind: 'unavailable', fallback: settings.ifUnavailable.find((each) => each !== 'stale') }
}

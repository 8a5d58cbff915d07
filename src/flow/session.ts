import type { JsonObject } from '../plugin/json.ts'
import type { Reservation } from './asking.ts'

/** One person's run through a flow, as it is stored. */
export interface Session {
  readonly id: string
  readonly flow: string
  readonly token: string
  /** The flow's version it runs on. Absent while nothing has told which one the phone has. */
  readonly version: string | undefined
  /** Counts writes; 0 before the first. A write names the revision it was computed from. */
  readonly revision: number
  /** Where the person is. */
  readonly screen: string
  readonly form: JsonObject
  /** The screens shown to get here, the current one last. */
  readonly path: readonly string[]
  readonly person: JsonObject
  /** Names the person over all their tokens: a hash of the strongest identity their token was bound to. */
  readonly personKey: string | undefined
  readonly source: JsonObject
  readonly language: string | undefined
  /** The variant this person is in, where the flow has any. */
  readonly variant: string | undefined
  readonly progress: Progress
  /** Fingerprint of the exchange that moved the session last, and what was answered then, without `version`. */
  readonly lastRequest: string | undefined
  readonly lastAnswer: ScreenAnswer | undefined
  /** Set once finished or handed over: the session then only repeats `lastAnswer`. */
  readonly submissionId: string | undefined
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly expiresAt: Date
  readonly purgeAt: Date
}

/** What a run remembers beside its answers. Stored as one JSON value. */
export interface Progress {
  /** Outcomes of checks by id, as values see them at `checks.<id>`. */
  readonly checks: Readonly<Record<string, CheckOutcome>>
  /** Asks whose source could not answer and whose policy let the person go on. */
  readonly flags: readonly string[]
  /** How often answers of a screen were refused in a row, by screen. */
  readonly refusals: Readonly<Record<string, number>>
  /** What is held for this run, by name. */
  readonly reservations: Readonly<Record<string, Reservation>>
  /** How often something held was given up for another choice: tells two holds of the same thing apart. */
  readonly choices: number
  /** Where an unfinished run stopped that this one may go on with: its path. Empty where there is none. */
  readonly left: readonly string[]
  /** The queue of people who took over. */
  readonly queue?: string
}

/** What a check came to, and the answers it judged: with others it no longer holds. */
export interface CheckOutcome {
  readonly ok: boolean
  readonly message?: string
  readonly value?: JsonObject[string]
  readonly basis: string
}

export const NO_PROGRESS: Progress = { checks: {}, flags: [], refusals: {}, reservations: {}, choices: 0, left: [] }

/** A screen and the data it needs, before `version` is echoed into it. */
export interface ScreenAnswer {
  readonly screen: string
  readonly data: JsonObject
}

/** What a token was bound to when it was minted or registered. */
export interface TokenBinding {
  readonly flow: string
  readonly version: string | undefined
  readonly person: JsonObject
  readonly personKey: string | undefined
  readonly source: JsonObject
  readonly language: string | undefined
  readonly prefill: JsonObject
  readonly expiresAt: Date
  readonly revokedAt: Date | undefined
}

/** The reserved screen that ends a flow (Meta, "Flow JSON"). */
export const SUCCESS = 'SUCCESS'

/** `session.*` in values and conditions. `today` is the day where the flow is at home. */
export function sessionScope(session: Session, today?: string): JsonObject {
  const { progress } = session
  return {
    id: session.id,
    screen: session.screen,
    source: session.source,
    started_at: session.createdAt.toISOString(),
    ...(today === undefined ? {} : { today }),
    ...(session.version === undefined ? {} : { version: session.version }),
    ...(session.language === undefined ? {} : { language: session.language }),
    ...(session.variant === undefined ? {} : { variant: session.variant }),
    ...(progress.queue === undefined ? {} : { queue: progress.queue }),
    ...(progress.flags.length === 0 ? {} : { flags: progress.flags }),
    ...(Object.keys(progress.reservations).length === 0 ? {} : { reservations: heldBy(progress) }),
  }
}

function heldBy({ reservations }: Progress): JsonObject {
  return Object.fromEntries(
    Object.entries(reservations).map(([name, { key, value }]) => [
      name,
      value === undefined ? { key } : { key, value },
    ]),
  )
}

import type { JsonObject } from '../plugin/json.ts'

/** One person's run through a flow, as it is stored. */
export interface Session {
  readonly id: string
  readonly flow: string
  readonly token: string
  /** The flow's version it began with. */
  readonly version: string
  /** Counts writes; 0 before the first. A write names the revision it was computed from. */
  readonly revision: number
  /** Where the person is. */
  readonly screen: string
  readonly form: JsonObject
  /** The screens shown to get here, the current one last. */
  readonly path: readonly string[]
  readonly person: JsonObject
  readonly source: JsonObject
  readonly language: string | undefined
  /** Fingerprint of the exchange that moved the session last, and what was answered then, without `version`. */
  readonly lastRequest: string | undefined
  readonly lastAnswer: ScreenAnswer | undefined
  /** Set once finished: the session then only repeats `lastAnswer`. */
  readonly submissionId: string | undefined
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly expiresAt: Date
  readonly purgeAt: Date
}

/** A screen and the data it needs, before `version` is echoed into it. */
export interface ScreenAnswer {
  readonly screen: string
  readonly data: JsonObject
}

/** What a token was bound to when it was minted or registered. */
export interface TokenBinding {
  readonly flow: string
  readonly person: JsonObject
  readonly source: JsonObject
  readonly language: string | undefined
  readonly prefill: JsonObject
  readonly expiresAt: Date
  readonly revokedAt: Date | undefined
}

/** The reserved screen that ends a flow (Meta, "Flow JSON"). */
export const SUCCESS = 'SUCCESS'

/** `session.*` in values and conditions. */
export function sessionScope(session: Session): JsonObject {
  return {
    id: session.id,
    screen: session.screen,
    version: session.version,
    source: session.source,
    started_at: session.createdAt.toISOString(),
    ...(session.language === undefined ? {} : { language: session.language }),
  }
}

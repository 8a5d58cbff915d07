import { NO_PROGRESS, type Progress, type ScreenAnswer, type Session, type TokenBinding } from '../flow/session.ts'
import type { JsonObject } from '../plugin/json.ts'

/** What is read of a session, column by column. `id` is null where there is none. */
export interface SessionRow {
  readonly id: string | null
  readonly flow: string
  readonly token: string
  readonly version: string | null
  readonly revision: number
  readonly screen: string
  readonly form: JsonObject
  readonly path: readonly string[]
  readonly person: JsonObject
  readonly person_key: string | null
  readonly source: JsonObject
  readonly language: string | null
  readonly variant: string | null
  /** Without what is empty, and empty in rows that are older than the column. */
  readonly progress: Partial<Progress>
  readonly last_request: string | null
  readonly last_answer: ScreenAnswer | null
  readonly submission_id: string | null
  readonly created_at: Date
  readonly updated_at: Date
  readonly expires_at: Date
  readonly purge_at: Date
}

/** What is read of a token. `bound_flow` is null where nothing is known of it. */
export interface BoundRow {
  readonly bound_flow: string | null
  readonly bound_version: string | null
  readonly bound_person: JsonObject
  readonly bound_person_key: string | null
  readonly bound_source: JsonObject
  readonly bound_language: string | null
  readonly bound_prefill: JsonObject
  readonly bound_until: Date
  readonly bound_revoked_at: Date | null
}

/** The session of a row, where it holds one. */
export function readSession(row: SessionRow): Session | undefined {
  if (row.id === null) return undefined
  return {
    id: row.id,
    flow: row.flow,
    token: row.token,
    version: row.version ?? undefined,
    revision: row.revision,
    screen: row.screen,
    form: row.form,
    path: row.path,
    person: row.person,
    personKey: row.person_key ?? undefined,
    source: row.source,
    language: row.language ?? undefined,
    variant: row.variant ?? undefined,
    progress: { ...NO_PROGRESS, ...row.progress },
    lastRequest: row.last_request ?? undefined,
    lastAnswer: row.last_answer ?? undefined,
    submissionId: row.submission_id ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    purgeAt: row.purge_at,
  }
}

/** The binding of a row's token, where it has one. */
export function readBinding(row: BoundRow): TokenBinding | undefined {
  if (row.bound_flow === null) return undefined
  return {
    flow: row.bound_flow,
    version: row.bound_version ?? undefined,
    person: row.bound_person,
    personKey: row.bound_person_key ?? undefined,
    source: row.bound_source,
    language: row.bound_language ?? undefined,
    prefill: row.bound_prefill,
    expiresAt: row.bound_until,
    revokedAt: row.bound_revoked_at ?? undefined,
  }
}

/** What is written of a session, by column; its revision is the statement's affair. */
export function sessionRow(session: Session): object {
  return {
    flow: session.flow,
    token: session.token,
    id: session.id,
    version: session.version ?? null,
    screen: session.screen,
    form: session.form,
    path: session.path,
    person: session.person,
    person_key: session.personKey ?? null,
    source: session.source,
    language: session.language ?? null,
    variant: session.variant ?? null,
    progress: withoutEmpty(session.progress),
    last_request: session.lastRequest ?? null,
    last_answer: session.lastAnswer ?? null,
    submission_id: session.submissionId ?? null,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
    expires_at: session.expiresAt,
    purge_at: session.purgeAt,
  }
}

/** Most runs have nothing to remember, and each is written and read at every screen. */
function withoutEmpty(progress: Progress): object {
  return Object.fromEntries(Object.entries(progress).filter(([, member]) => !isEmpty(member)))
}

function isEmpty(member: unknown): boolean {
  return member === 0 || (typeof member === 'object' && member !== null && Object.keys(member).length === 0)
}

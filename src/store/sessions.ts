import type { ScreenAnswer, Session, TokenBinding } from '../flow/session.ts'
import type { JsonObject } from '../plugin/json.ts'
import { jsonText } from './json-text.ts'
import type { Sql } from './pool.ts'

/** Which run of which flow. */
export interface SessionKey {
  readonly flow: string
  readonly token: string
}

/** What is known of a token before an exchange: its session and what it was bound to, where there are any. */
export interface Loaded {
  readonly session: Session | undefined
  readonly binding: TokenBinding | undefined
}

/** A session to store, and the revision the stored one must still have (0: none is stored). */
export interface SessionWrite {
  readonly session: Session
  readonly expectedRevision: number
}

// Columns by name, here above all: a prepared statement with `*` fails for good once a migration adds a column under it.
const LOAD = `
select asked.place, sessions.id, sessions.flow, sessions.token, sessions.version, sessions.revision, sessions.screen,
       sessions.form, sessions.path, sessions.person, sessions.source, sessions.language, sessions.last_request,
       sessions.last_answer, sessions.submission_id, sessions.created_at, sessions.updated_at, sessions.expires_at,
       sessions.purge_at,
       tokens.flow as bound_flow, tokens.person as bound_person, tokens.source as bound_source,
       tokens.language as bound_language, tokens.prefill as bound_prefill,
       tokens.expires_at as bound_until, tokens.revoked_at as bound_revoked_at
from unnest($1::text[], $2::text[]) with ordinality as asked (flow, token, place)
left join sessions on sessions.flow = asked.flow and sessions.token = asked.token
left join tokens on tokens.token = asked.token`

/** Loads many in one statement; the results stand in the order of the keys. */
export async function loadSessions(sql: Sql, keys: readonly SessionKey[]): Promise<readonly Loaded[]> {
  const values = [keys.map(({ flow }) => flow), keys.map(({ token }) => token)]
  // Without a name on purpose: a plan made while the tables were small would be kept, and read them whole once they are large.
  const { rows } = await sql.query<LoadedRow>(LOAD, values)
  const loaded: Loaded[] = keys.map(() => ({ session: undefined, binding: undefined }))
  for (const row of rows) loaded[row.place - 1] = { session: readSession(row), binding: readBinding(row) }
  return loaded
}

const SAVE = `
insert into sessions (flow, token, id, version, revision, screen, form, path, person, source, language,
                      last_request, last_answer, submission_id, created_at, updated_at, expires_at, purge_at)
select flow, token, id, version, expected_revision + 1, screen, form,
       array(select jsonb_array_elements_text(path)), person, source, language,
       last_request, last_answer, submission_id, created_at, updated_at, expires_at, purge_at
from jsonb_to_recordset($1::jsonb) as write (
  flow text, token text, id text, version text, expected_revision integer, screen text, form jsonb, path jsonb,
  person jsonb, source jsonb, language text, last_request text, last_answer jsonb, submission_id text,
  created_at timestamptz, updated_at timestamptz, expires_at timestamptz, purge_at timestamptz)
order by flow, token
on conflict (flow, token) do update set
  id = excluded.id, version = excluded.version, revision = excluded.revision, screen = excluded.screen,
  form = excluded.form, path = excluded.path, person = excluded.person, source = excluded.source,
  language = excluded.language, last_request = excluded.last_request, last_answer = excluded.last_answer,
  submission_id = excluded.submission_id, created_at = excluded.created_at, updated_at = excluded.updated_at,
  expires_at = excluded.expires_at, purge_at = excluded.purge_at
where sessions.revision = excluded.revision - 1
returning flow, token`

/**
 * Stores sessions whose revision is still the expected one, all in one statement; tells for each, in order, whether it
 * was stored. Of two for the same run only the first can be. Written in the order of their keys, against deadlock.
 */
export async function saveSessions(sql: Sql, writes: readonly SessionWrite[]): Promise<readonly boolean[]> {
  const first = new Map<string, SessionWrite>()
  for (const write of writes) {
    const key = runKey(write.session)
    if (!first.has(key)) first.set(key, write)
  }
  const rows = jsonText([...first.values()].map(writeRow))
  const saved = await sql.query<{ flow: string; token: string }>({ name: 'save-sessions', text: SAVE, values: [rows] })
  const stored = new Set(saved.rows.map(runKey))
  return writes.map((write) => first.get(runKey(write.session)) === write && stored.has(runKey(write.session)))
}

/** Lets finished sessions repeat the answer of the submission they turned out to repeat. */
export async function finishSessionsAs(
  sql: Sql,
  repeats: readonly { readonly session: SessionKey; readonly submissionId: string; readonly answer: ScreenAnswer }[],
): Promise<void> {
  const rows = repeats.map(({ session, submissionId, answer }) => ({
    flow: session.flow,
    token: session.token,
    submission_id: submissionId,
    last_answer: answer,
  }))
  await sql.query(
    `update sessions set submission_id = repeated.submission_id, last_answer = repeated.last_answer
     from jsonb_to_recordset($1::jsonb) as repeated (flow text, token text, submission_id text, last_answer jsonb)
     where sessions.flow = repeated.flow and sessions.token = repeated.token`,
    [jsonText(rows)],
  )
}

function runKey({ flow, token }: SessionKey): string {
  return `${flow}\n${token}`
}

function writeRow({ session, expectedRevision }: SessionWrite): object {
  return {
    flow: session.flow,
    token: session.token,
    id: session.id,
    version: session.version,
    expected_revision: expectedRevision,
    screen: session.screen,
    form: session.form,
    path: session.path,
    person: session.person,
    source: session.source,
    language: session.language ?? null,
    last_request: session.lastRequest ?? null,
    last_answer: session.lastAnswer ?? null,
    submission_id: session.submissionId ?? null,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
    expires_at: session.expiresAt,
    purge_at: session.purgeAt,
  }
}

type LoadedRow = BoundRow & SessionRow & { readonly place: number }

interface SessionRow {
  readonly id: string | null
  readonly flow: string
  readonly token: string
  readonly version: string
  readonly revision: number
  readonly screen: string
  readonly form: JsonObject
  readonly path: readonly string[]
  readonly person: JsonObject
  readonly source: JsonObject
  readonly language: string | null
  readonly last_request: string | null
  readonly last_answer: ScreenAnswer | null
  readonly submission_id: string | null
  readonly created_at: Date
  readonly updated_at: Date
  readonly expires_at: Date
  readonly purge_at: Date
}

interface BoundRow {
  readonly bound_flow: string | null
  readonly bound_person: JsonObject
  readonly bound_source: JsonObject
  readonly bound_language: string | null
  readonly bound_prefill: JsonObject
  readonly bound_until: Date
  readonly bound_revoked_at: Date | null
}

function readSession(row: SessionRow): Session | undefined {
  if (row.id === null) return undefined
  return {
    id: row.id,
    flow: row.flow,
    token: row.token,
    version: row.version,
    revision: row.revision,
    screen: row.screen,
    form: row.form,
    path: row.path,
    person: row.person,
    source: row.source,
    language: row.language ?? undefined,
    lastRequest: row.last_request ?? undefined,
    lastAnswer: row.last_answer ?? undefined,
    submissionId: row.submission_id ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    purgeAt: row.purge_at,
  }
}

function readBinding(row: BoundRow): TokenBinding | undefined {
  if (row.bound_flow === null) return undefined
  return {
    flow: row.bound_flow,
    person: row.bound_person,
    source: row.bound_source,
    language: row.bound_language ?? undefined,
    prefill: row.bound_prefill,
    expiresAt: row.bound_until,
    revokedAt: row.bound_revoked_at ?? undefined,
  }
}

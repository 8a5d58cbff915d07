import type { ScreenAnswer, Session, TokenBinding } from '../flow/session.ts'
import { jsonText } from './json-text.ts'
import type { Sql } from './pool.ts'
import { type BoundRow, readBinding, readSession, type SessionRow, sessionRow } from './session-rows.ts'

/** Which run of which flow. */
export interface SessionKey {
  readonly flow: string
  readonly token: string
  /** Whether to look as well for what the token's person left unfinished under another token. */
  readonly resumePerson?: boolean
}

/** What is known of a token before an exchange: its session and what it was bound to, where there are any. */
export interface Loaded {
  readonly session: Session | undefined
  readonly binding: TokenBinding | undefined
  /**
   * The newest run that the same person left unfinished under another token, expired ones included. Looked for only where
   * `resumePerson` asks for it and this token has no unfinished run of its own.
   */
  readonly unfinished: Session | undefined
}

/** A session to store, and the revision the stored one must still have (0: none is stored). */
export interface SessionWrite {
  readonly session: Session
  readonly expectedRevision: number
  /**
   * An unfinished run of the same flow whose answers this session goes on with. It ends in the same moment and keeps none
   * of them, and what it reserved belongs to this session. Where it has moved meanwhile neither is stored.
   */
  readonly takesOver?: Pick<Session, 'flow' | 'token' | 'revision'>
}

// Columns by name, here above all: a prepared statement with `*` fails for good once a migration adds a column under it.
const SESSION = `
  sessions.id, sessions.flow, sessions.token, sessions.version, sessions.revision, sessions.screen, sessions.form,
  sessions.path, sessions.person, sessions.person_key, sessions.source, sessions.language, sessions.variant,
  sessions.progress, sessions.last_request, sessions.last_answer, sessions.submission_id, sessions.created_at,
  sessions.updated_at, sessions.expires_at, sessions.purge_at`

const BOUND = `
  tokens.flow as bound_flow, tokens.version as bound_version, tokens.person as bound_person,
  tokens.person_key as bound_person_key, tokens.source as bound_source, tokens.language as bound_language,
  tokens.prefill as bound_prefill, tokens.expires_at as bound_until, tokens.revoked_at as bound_revoked_at`

const LOAD = `
select asked.place, ${SESSION}, ${BOUND}
from unnest($1::text[], $2::text[]) with ordinality as asked (flow, token, place)
left join sessions on sessions.flow = asked.flow and sessions.token = asked.token
left join tokens on tokens.token = asked.token`

// A run that another took over has no person any more, so the message it began with may take the answers back.
const LOAD_UNFINISHED = `
select asked.place, sessions.own, ${SESSION}, ${BOUND}
from unnest($1::text[], $2::text[], $3::boolean[]) with ordinality as asked (flow, token, resume_person, place)
left join tokens on tokens.token = asked.token
left join lateral (
  select true as own, ${SESSION} from sessions where sessions.flow = asked.flow and sessions.token = asked.token
  union all
  (select false as own, ${SESSION} from sessions
   where asked.resume_person and sessions.flow = asked.flow and sessions.person_key = tokens.person_key
     and sessions.submission_id is null and sessions.token <> asked.token
     and not exists (
       select from sessions as own
       where own.flow = asked.flow and own.token = asked.token and own.submission_id is null
         and own.person_key is not distinct from tokens.person_key)
   order by sessions.updated_at desc limit 1)
) as sessions on true`

type LoadedRow = BoundRow & SessionRow & { readonly place: number; readonly own?: boolean | null }

/** Loads many in one statement; the results stand in the order of the keys. */
export async function loadSessions(sql: Sql, keys: readonly SessionKey[]): Promise<readonly Loaded[]> {
  const values: unknown[] = [keys.map(({ flow }) => flow), keys.map(({ token }) => token)]
  const looksFurther = keys.some(({ resumePerson }) => resumePerson === true)
  if (looksFurther) values.push(keys.map(({ resumePerson }) => resumePerson === true))
  // Without a name on purpose: a plan made while the tables were small would be kept, and read them whole once they are large.
  const { rows } = await sql.query<LoadedRow>(looksFurther ? LOAD_UNFINISHED : LOAD, values)
  const loaded: Loaded[] = keys.map(() => ({ session: undefined, binding: undefined, unfinished: undefined }))
  for (const row of rows) {
    const { session, unfinished } = loaded[row.place - 1] ?? {}
    const binding = readBinding(row)
    loaded[row.place - 1] =
      row.own === false
        ? { session, binding, unfinished: readSession(row) }
        : { session: readSession(row), binding, unfinished }
  }
  return loaded
}

const WRITES = `jsonb_to_recordset($1::jsonb) as write (
  flow text, token text, id text, version text, expected_revision integer, screen text, form jsonb, path jsonb,
  person jsonb, person_key text, source jsonb, language text, variant text, progress jsonb, last_request text,
  last_answer jsonb, submission_id text, created_at timestamptz, updated_at timestamptz, expires_at timestamptz,
  purge_at timestamptz, left_token text, left_revision integer)`

const save = (writes: string) => `
insert into sessions (flow, token, id, version, revision, screen, form, path, person, person_key, source, language,
                      variant, progress, last_request, last_answer, submission_id, created_at, updated_at, expires_at,
                      purge_at)
select flow, token, id, version, expected_revision + 1, screen, form,
       array(select jsonb_array_elements_text(path)), person, person_key, source, language, variant, progress,
       last_request, last_answer, submission_id, created_at, updated_at, expires_at, purge_at
from ${writes}
order by flow, token
on conflict (flow, token) do update set
  id = excluded.id, version = excluded.version, revision = excluded.revision, screen = excluded.screen,
  form = excluded.form, path = excluded.path, person = excluded.person, person_key = excluded.person_key,
  source = excluded.source, language = excluded.language, variant = excluded.variant, progress = excluded.progress,
  last_request = excluded.last_request, last_answer = excluded.last_answer, submission_id = excluded.submission_id,
  created_at = excluded.created_at, updated_at = excluded.updated_at, expires_at = excluded.expires_at,
  purge_at = excluded.purge_at
where sessions.revision = excluded.revision - 1
returning flow, token`

const SAVE = save(WRITES)

// All rows are locked first, in one order; what is locked cannot change any more before the end, so either both the new
// run is stored and the old one closed, or neither.
const SAVE_TAKING_OVER = `
with write as materialized (select * from ${WRITES}),
held as materialized (
  select flow, token, revision, submission_id from sessions
  where (flow, token) in (select flow, token from write union all select flow, left_token from write)
  order by flow, token
  for update),
saved as (${save(`write
where left_token is null
   or (flow, left_token, left_revision) in (select flow, token, revision from held where submission_id is null)`)}),
closed as (
  update sessions set
    revision = sessions.revision + 1, person_key = null, form = '{}', path = '{}', progress = '{}', last_request = null,
    last_answer = null, updated_at = write.updated_at, expires_at = write.updated_at
  from write join saved using (flow, token)
  where sessions.flow = write.flow and sessions.token = write.left_token),
moved as (
  update reservations set token = write.token, session_id = write.id
  from write join saved using (flow, token)
  where reservations.flow = write.flow and reservations.token = write.left_token)
select flow, token from saved`

/**
 * Stores sessions whose revision is still the expected one, all in one statement; tells for each, in order, whether it
 * was stored. Of two for the same run only the first can be. Written in the order of their keys, against deadlock.
 */
export async function saveSessions(sql: Sql, writes: readonly SessionWrite[]): Promise<readonly boolean[]> {
  const touched = new Set<string>()
  const first = new Set<SessionWrite>()
  for (const write of writes) {
    const keys = [write.session, ...(write.takesOver === undefined ? [] : [write.takesOver])].map(runKey)
    // One statement changes a row once: who comes second is decided anew.
    if (keys.some((key) => touched.has(key))) continue
    for (const key of keys) touched.add(key)
    first.add(write)
  }
  const rows = jsonText([...first].map(writeRow))
  const plain = writes.every(({ takesOver }) => takesOver === undefined)
  const saved = await sql.query<{ flow: string; token: string }>(
    plain ? { name: 'save-sessions', text: SAVE, values: [rows] } : { text: SAVE_TAKING_OVER, values: [rows] },
  )
  const stored = new Set(saved.rows.map(runKey))
  return writes.map((write) => first.has(write) && stored.has(runKey(write.session)))
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

function runKey({ flow, token }: Pick<SessionKey, 'flow' | 'token'>): string {
  return `${flow}\n${token}`
}

function writeRow({ session, expectedRevision, takesOver }: SessionWrite): object {
  const left = takesOver === undefined ? {} : { left_token: takesOver.token, left_revision: takesOver.revision }
  return { ...sessionRow(session), expected_revision: expectedRevision, ...left }
}

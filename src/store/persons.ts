import type { JsonObject } from '../plugin/json.ts'
import type { Sql } from './pool.ts'

/** A key of a person, as it is kept. */
export interface StoredKey {
  readonly kind: 'user_id' | 'phone' | 'email'
  readonly value: string
}

/** A submission whose person was not looked for yet. */
export interface Unidentified {
  readonly id: string
  readonly form: JsonObject
  readonly person: JsonObject
  /** `identity` of its mapping; absent where the mapping says nothing, or there is none. */
  readonly identity: readonly string[] | undefined
  readonly acceptedAt: Date
}

/** Lets one process at a time identify people, until its transaction ends; `false` where another does. */
export async function lockIdentifying(sql: Sql): Promise<boolean> {
  const { rows } = await sql.query<{ locked: boolean }>(
    `select pg_try_advisory_xact_lock(hashtextextended('flowgate.identify', 0)) as locked`,
  )
  return rows[0]?.locked === true
}

/** As `lockIdentifying`, for somebody who has waited for a decision: waits until the process that identifies has come to an end of its round. */
export async function waitToIdentify(sql: Sql): Promise<void> {
  await sql.query(`select pg_advisory_xact_lock(hashtextextended('flowgate.identify', 0))`)
}

/** Submissions whose person was not looked for yet, the oldest first. */
export async function readUnidentified(sql: Sql, limit: number): Promise<readonly Unidentified[]> {
  const { rows } = await sql.query<Omit<Unidentified, 'identity'> & { identity: readonly string[] | null }>(
    `select s.id, s.form, s.person, m.content -> 'identity' as identity, s.accepted_at as "acceptedAt"
     from submissions s left join mappings m on m.hash = s.mapping_hash
     where s.identified_at is null order by s.accepted_at, s.id limit $1`,
    [limit],
  )
  return rows.map((row) => ({ ...row, identity: row.identity ?? undefined }))
}

/** Whom a key belongs to. */
export interface KeyOwner extends StoredKey {
  readonly personId: string
  readonly userIds: readonly string[]
  readonly phones: readonly string[]
}

/** The people of these keys, in no order. */
export async function findPersons(sql: Sql, keys: readonly StoredKey[]): Promise<readonly KeyOwner[]> {
  if (keys.length === 0) return []
  const { rows } = await sql.query<KeyOwner>(
    `select k.kind, k.value, k.person_id as "personId",
       array(select u.value from person_keys u where u.person_id = k.person_id and u.kind = 'user_id' order by u.value) as "userIds",
       array(select u.value from person_keys u where u.person_id = k.person_id and u.kind = 'phone' order by u.value) as phones
     from unnest($1::text[], $2::text[]) as asked (kind, value) join person_keys k using (kind, value)`,
    [keys.map(({ kind }) => kind), keys.map(({ value }) => value)],
  )
  return rows
}

/** Stores a person of whom nothing is known yet. */
export async function insertPerson(sql: Sql, id: string, now: Date): Promise<void> {
  await sql.query('insert into persons (id, created_at, updated_at) values ($1, $2, $2)', [id, now])
}

/** Gives a person these keys; those that are somebody's already stay theirs. */
export async function addKeys(sql: Sql, personId: string, keys: readonly StoredKey[], seenAt: Date): Promise<void> {
  if (keys.length === 0) return
  await sql.query(
    `insert into person_keys as k (kind, value, person_id, first_seen_at, last_seen_at)
     select kind, value, $3, $4, $4 from unnest($1::text[], $2::text[]) as added (kind, value)
     on conflict (kind, value) do update set last_seen_at = greatest(k.last_seen_at, excluded.last_seen_at)
     where k.person_id = excluded.person_id`,
    [keys.map(({ kind }) => kind), keys.map(({ value }) => value), personId, seenAt],
  )
}

/** Who these people are by now, each once and in this order: whoever was merged is the one whom they were merged into. */
export async function readPersonsNow(sql: Sql, ids: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `select coalesce(merged_into, id) as id
     from unnest($1::text[]) with ordinality as asked (id, place) join persons using (id) order by place`,
    [ids],
  )
  return [...new Set(rows.map(({ id }) => id))]
}

/** Makes several people one, of whom none was merged before: keys and submissions of `others` are `into`'s from now on. */
export async function mergePersons(sql: Sql, into: string, others: readonly string[], now: Date): Promise<void> {
  await sql.query('update person_keys set person_id = $1 where person_id = any ($2)', [into, others])
  await sql.query('update submissions set person_id = $1 where person_id = any ($2)', [into, others])
  await sql.query('update persons set merged_into = $1, updated_at = $3 where id = any ($2)', [into, others, now])
  await sql.query('update persons set merged_into = $1 where merged_into = any ($2)', [into, others])
}

/** Notes whose a submission is; `undefined` where nobody can tell. */
export async function setPerson(
  sql: Sql,
  submissionId: string,
  personId: string | undefined,
  now: Date,
): Promise<void> {
  await sql.query('update submissions set person_id = $2, identified_at = $3 where id = $1', [
    submissionId,
    personId ?? null,
    now,
  ])
}

/** The keys of these people; whoever was merged into another has none any more. */
export async function readKeys(
  sql: Sql,
  personIds: readonly string[],
): Promise<readonly (StoredKey & { readonly personId: string })[]> {
  const { rows } = await sql.query<StoredKey & { personId: string }>(
    `select person_id as "personId", kind, value from person_keys where person_id = any ($1)
     order by person_id, kind desc, value`,
    [personIds],
  )
  return rows
}

/** A person with everything that is known under them. */
export interface PersonView {
  readonly id: string
  readonly keys: readonly (StoredKey & { readonly firstSeenAt: Date; readonly lastSeenAt: Date })[]
  readonly submissions: readonly { readonly id: string; readonly flow: string; readonly acceptedAt: Date }[]
}

const SUBMISSIONS_SHOWN = 100

/** The person of an id, also of one that was merged into another, with keys and the newest hundred submissions. */
export async function readPerson(sql: Sql, id: string): Promise<PersonView | undefined> {
  const { rows } = await sql.query<{ id: string }>(
    'select coalesce(merged_into, id) as id from persons where id = $1',
    [id],
  )
  const found = rows[0]?.id
  if (found === undefined) return undefined
  const keys = await sql.query<PersonView['keys'][number]>(
    `select kind, value, first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt"
     from person_keys where person_id = $1 order by kind desc, value`,
    [found],
  )
  const submissions = await sql.query<PersonView['submissions'][number]>(
    `select id, flow, accepted_at as "acceptedAt" from submissions
     where person_id = $1 order by accepted_at desc, id desc limit $2`,
    [found, SUBMISSIONS_SHOWN],
  )
  return { id: found, keys: keys.rows, submissions: submissions.rows }
}

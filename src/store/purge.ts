import type { Sql } from './pool.ts'

/** How many rows one purge takes of each table: short transactions, however much has piled up. */
const AT_ONCE = 1_000

/** Deletes sessions past their purge time, marks past their window, and tokens that ended 30 days ago. Harmless when several processes purge at once. */
export async function purgeExpired(sql: Sql, now: Date): Promise<void> {
  await sql.query(
    `delete from sessions where (flow, token) in (
       select flow, token from sessions where purge_at < $1 limit $2 for update skip locked)`,
    [now, AT_ONCE],
  )
  await sql.query(
    `delete from marks where (flow, key) in (
       select flow, key from marks where until < $1 limit $2 for update skip locked)`,
    [now, AT_ONCE],
  )
  await sql.query(
    `delete from tokens where token in (
       select token from tokens where expires_at < $1::timestamptz - interval '30 days' limit $2 for update skip locked)`,
    [now, AT_ONCE],
  )
}

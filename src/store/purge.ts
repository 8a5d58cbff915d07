import type { Clock } from '../clock.ts'
import { purgeBudgets } from './budgets.ts'
import type { Sql } from './pool.ts'
import { purgeSourceAnswers } from './source-answers.ts'

/** How many rows one purge takes of each table: short transactions, however much has piled up. */
const AT_ONCE = 1_000
const EVERY_MS = 60_000

/** A purge to be called as often as one likes: it looks once a minute, and again at once while more is left. */
export function createPurge(sql: Sql, clock: Clock): () => Promise<void> {
  let nextAt = Number.NEGATIVE_INFINITY
  return async () => {
    const now = clock.now()
    if (now.getTime() < nextAt) return
    const more = await purgeExpired(sql, now)
    nextAt = more ? Number.NEGATIVE_INFINITY : now.getTime() + EVERY_MS
  }
}

/**
 * Deletes sessions past their purge time, marks past their window, answers of sources past their use, budgets that
 * nobody asks, and tokens that ended 30 days ago; resolves with whether more may be left. Harmless when several processes purge at once.
 */
async function purgeExpired(sql: Sql, now: Date): Promise<boolean> {
  const deleted = [
    await sql.query(
      `delete from sessions where (flow, token) in (
         select flow, token from sessions where purge_at < $1 limit $2 for update skip locked)`,
      [now, AT_ONCE],
    ),
    await sql.query(
      `delete from marks where (flow, key) in (
         select flow, key from marks where until < $1 limit $2 for update skip locked)`,
      [now, AT_ONCE],
    ),
    await sql.query(
      `delete from tokens where token in (
         select token from tokens where expires_at < $1::timestamptz - interval '30 days' limit $2 for update skip locked)`,
      [now, AT_ONCE],
    ),
  ]
  await purgeBudgets(sql)
  const moreAnswers = await purgeSourceAnswers(sql, now)
  return moreAnswers || deleted.some(({ rowCount }) => rowCount === AT_ONCE)
}

import type { Sql } from './pool.ts'

/** What one process has counted in the current window and wants the others to know. */
export interface OwnCounts {
  /** Which process counts. */
  readonly process: string
  readonly windowStart: Date
  /** Requests so far in this window, by key: whole counts, not differences, so sending one twice is harmless. */
  readonly counts: ReadonlyMap<string, number>
  /** Windows before this are over for everybody and are cleared away. */
  readonly clearBefore: Date
}

/** Tells the other processes what this one counted and resolves with the sum of what they counted in the same window, by key. One round trip. */
export async function settleRequestCounts(sql: Sql, own: OwnCounts): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql.query<{ key: string; others: number }>(
    `with mine as (
       insert into request_counts (key, window_start, process, count)
       select key, $1::timestamptz, $2::text, count from unnest($3::text[], $4::integer[]) as counted (key, count)
       on conflict (key, window_start, process) do update set count = excluded.count
     ), cleared as (
       delete from request_counts
       where (key, window_start, process) in (
         select key, window_start, process from request_counts where window_start < $5 limit 10000 for update skip locked
       )
     )
     select key, sum(count)::integer as others from request_counts where window_start = $1 and process <> $2 group by key`,
    [own.windowStart, own.process, [...own.counts.keys()], [...own.counts.values()], own.clearBefore],
  )
  return new Map(rows.map((row) => [row.key, row.others]))
}

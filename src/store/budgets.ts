import type { Pool } from 'pg'
import type { BudgetAsk, BudgetLedger, BudgetTaken } from '../registry/budget-ledger.ts'
import type { Sql } from './pool.ts'

/** Of a lot's end, so that a window has about a hundred of them: rounded up, it counts a little longer and never shorter. */
const LOTS_IN_A_WINDOW = 100

// One statement: the row is changed as it stands when its turn comes, whoever changed it in between, and the time is taken
// then. An end further away than any of ours (the clock was set back) is taken for the longest of ours.
const TAKE = `
  update account_budgets as budget
  set (lot_ends, lot_sizes, granted, wait_ms, changed_at) = (
    select
      coalesce(after.ends, '{}'), coalesce(after.sizes, '{}'), grant_of.size,
      case
        when grant_of.size = $3::integer then 0
        when held.until > moment.now then greatest(held.until - moment.now, case when before.taken < $4::integer then 1 else after.first_end - moment.now end)
        when before.taken + grant_of.size >= $4::integer then greatest(after.first_end - moment.now, 1)
        else greatest(coalesce(before.first_recent_end, grant_of.until) - moment.recent_end, 1)
      end,
      clock_timestamp()
    from
      (
        select time.now, time.now + $5::bigint + $6::bigint - $9::bigint as recent_end
        from (select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now) as time
      ) as moment
      cross join lateral (
        select coalesce(max(held_until), 0) as until from account_budgets where account = $1 and class = '*'
      ) as held
      cross join lateral (
        select
          coalesce(sum(lot.size), 0)::integer as taken,
          coalesce(sum(lot.size) filter (where lot.until > moment.recent_end), 0)::integer as recent,
          min(lot.until) filter (where lot.until > moment.recent_end) as first_recent_end
        from unnest(budget.lot_ends, budget.lot_sizes) as lot (until, size) where lot.until > moment.now
      ) as before
      cross join lateral (
        select
          case when held.until > moment.now then 0
          else greatest(0, least($3::integer, $4::integer - before.taken, $8::integer - before.recent)) end as size,
          ((moment.now + $5::bigint + $6::bigint) / $7::bigint + 1) * $7::bigint as until
      ) as grant_of
      cross join lateral (
        select array_agg(merged.until order by merged.until) as ends, array_agg(merged.size order by merged.until) as sizes,
          min(merged.until) as first_end
        from (
          select each.until, sum(each.size)::integer as size
          from (
            select least(lot.until, grant_of.until + 60000) as until, lot.size
            from unnest(budget.lot_ends, budget.lot_sizes) as lot (until, size) where lot.until > moment.now
            union all select grant_of.until, grant_of.size where grant_of.size > 0
          ) as each group by each.until
        ) as merged
      ) as after
  )
  where account = $1 and class = $2
  returning granted, wait_ms::integer as wait_ms`

/** The ledger of budgets in this database. */
export function createBudgetLedger(pool: Pool): BudgetLedger {
  return {
    take: (ask) => takeFromBudget(pool, ask),
    hold: (account, forMs) => holdBudget(pool, account, forMs),
  }
}

async function takeFromBudget(pool: Pool, ask: BudgetAsk): Promise<BudgetTaken> {
  const { account, endpointClass, wanted, requests, perMs, spareMs, burst, paceMs } = ask
  const grain = Math.max(1, Math.floor(perMs / LOTS_IN_A_WINDOW))
  // Of its own, so that waiting for a connection does not count as time since the grant.
  const client = await pool.connect()
  try {
    const times = [Math.ceil(perMs), Math.ceil(spareMs), grain]
    const values = [account, endpointClass, wanted, requests, ...times, burst, Math.ceil(paceMs)]
    for (;;) {
      const askedAt = performance.now()
      const { rows } = await client.query<{ granted: number; wait_ms: number }>({
        name: 'take_from_budget',
        text: TAKE,
        values,
      })
      const [row] = rows
      if (row !== undefined) return { granted: row.granted, waitMs: row.wait_ms, askedAt }
      await addBudget(client, account, endpointClass)
    }
  } finally {
    client.release()
  }
}

async function addBudget(sql: Sql, account: string, endpointClass: string): Promise<void> {
  await sql.query(
    `insert into account_budgets (account, class, changed_at) values ($1, $2, clock_timestamp()) on conflict do nothing`,
    [account, endpointClass],
  )
}

async function holdBudget(sql: Sql, account: string, forMs: number): Promise<void> {
  await sql.query(
    `insert into account_budgets as budget (account, class, held_until, changed_at)
     values ($1, '*', floor(extract(epoch from clock_timestamp()) * 1000)::bigint + $2, clock_timestamp())
     on conflict (account, class) do update
     set held_until = greatest(budget.held_until, excluded.held_until), changed_at = excluded.changed_at`,
    [account, Math.ceil(forMs)],
  )
}

/** Forgets accounts that nobody has asked anything for two days; no budget spans more than one. */
export async function purgeBudgets(sql: Sql): Promise<void> {
  await sql.query(`delete from account_budgets where changed_at < clock_timestamp() - interval '2 days'`)
}

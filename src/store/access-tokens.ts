import type { SealedShelf, SealedToken, TokenPlace } from '../registry/token-shelf.ts'
import type { Sql } from './pool.ts'

/** The shelf of access tokens in this database. */
export function createSealedShelf(sql: Sql): SealedShelf {
  return {
    read: (place) => readAccessToken(sql, place),
    claim: (place, claim, forMs) => claimAccessToken(sql, place, claim, forMs),
    save: (place, version, sealed) => saveAccessToken(sql, place, version, sealed),
    release: (place, claim) => releaseAccessToken(sql, place, claim),
  }
}

async function readAccessToken(sql: Sql, { destination, name }: TokenPlace): Promise<SealedToken | undefined> {
  const { rows } = await sql.query<Row>(
    'select sealed, version from access_tokens where destination = $1 and name = $2',
    [destination, name],
  )
  return rows[0] && stored(rows[0])
}

async function claimAccessToken(
  sql: Sql,
  { destination, name }: TokenPlace,
  claim: string,
  forMs: number,
): Promise<SealedToken | undefined> {
  const { rows } = await sql.query<Row>(
    `insert into access_tokens as kept (destination, name, claim, claimed_until, updated_at)
     values ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond', clock_timestamp())
     on conflict (destination, name) do update set claim = excluded.claim, claimed_until = excluded.claimed_until
     where kept.claimed_until is null or kept.claimed_until < clock_timestamp()
     returning sealed, version`,
    [destination, name, claim, forMs],
  )
  return rows[0] && stored(rows[0])
}

async function saveAccessToken(
  sql: Sql,
  { destination, name }: TokenPlace,
  version: number,
  sealed: Buffer,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update access_tokens
     set sealed = $4, version = version + 1, claim = null, claimed_until = null, updated_at = clock_timestamp()
     where destination = $1 and name = $2 and version = $3`,
    [destination, name, version, sealed],
  )
  return rowCount === 1
}

async function releaseAccessToken(sql: Sql, { destination, name }: TokenPlace, claim: string): Promise<void> {
  await sql.query(
    `update access_tokens set claim = null, claimed_until = null
     where destination = $1 and name = $2 and claim = $3`,
    [destination, name, claim],
  )
}

interface Row {
  readonly sealed: Buffer | null
  readonly version: number
}

function stored({ sealed, version }: Row): SealedToken {
  return { sealed: sealed ?? undefined, version }
}

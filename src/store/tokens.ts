import type { JsonObject } from '../plugin/json.ts'
import type { Sql } from './pool.ts'

/** A token and what it is bound to. */
export interface TokenRow {
  readonly token: string
  readonly flow: string
  readonly version: string | undefined
  readonly person: JsonObject
  /** Names the person over all their tokens; absent where nothing tells who it is. */
  readonly personKey: string | undefined
  readonly source: JsonObject
  readonly language: string | undefined
  readonly prefill: JsonObject
  readonly createdAt: Date
  readonly expiresAt: Date
}

/** Stores a token. `false` where that very token is known already; it then stays as it was. */
export async function insertToken(sql: Sql, row: TokenRow): Promise<boolean> {
  const { rowCount } = await sql.query(
    `insert into tokens (token, flow, version, person, person_key, source, language, prefill, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (token) do nothing`,
    [
      row.token,
      row.flow,
      row.version ?? null,
      row.person,
      row.personKey ?? null,
      row.source,
      row.language ?? null,
      row.prefill,
      row.createdAt,
      row.expiresAt,
    ],
  )
  return rowCount === 1
}

/** Makes a token invalid from now on. `false` where it is not known or was revoked before. */
export async function revokeToken(sql: Sql, token: string, now: Date): Promise<boolean> {
  const { rowCount } = await sql.query('update tokens set revoked_at = $2 where token = $1 and revoked_at is null', [
    token,
    now,
  ])
  return rowCount === 1
}

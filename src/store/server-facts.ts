import type { Sql } from './pool.ts'

/** What a PostgreSQL server says of itself and of the user who asks. */
export interface ServerFacts {
  /** As `server_version_num`: 180004 is 18.4. */
  readonly version: number
  /** Whether the user may make schemas in this database. */
  readonly mayCreate: boolean
}

/** Asks the server who it is and what this user may do. Reads no table. */
export async function readServerFacts(sql: Sql): Promise<ServerFacts> {
  const { rows } = await sql.query<{ version: number; may_create: boolean }>(
    `select current_setting('server_version_num')::integer as version,
            has_database_privilege(current_database(), 'create') as may_create`,
  )
  return { version: rows[0]?.version ?? 0, mayCreate: rows[0]?.may_create ?? false }
}

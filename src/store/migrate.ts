import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type pg from 'pg'
import type { Log } from '../log.ts'
import { inTransaction, type Sql } from './pool.ts'
import { StoreError } from './store-error.ts'

/** One numbered file of SQL. */
export interface Migration {
  readonly number: number
  /** The file's name without its ending, for example `0001-main-job`. */
  readonly name: string
  readonly sql: string
  /** SHA-256 of the text with line feeds only, hex. */
  readonly checksum: string
}

const FOLDER = new URL('./migrations/', import.meta.url)

// Any fixed number, as long as nothing else in the database locks the same one.
const LOCK = 7_022_026

const PATIENCE_MS = 3_600_000

/**
 * Brings the database up to this program's schema, each migration once and in order, also when several processes start
 * at once. A database that is further along is left as it is. Resolves with how many were applied.
 * Rejects with `FG_STORE_MIGRATION_CHANGED` where an applied file was edited, `FG_STORE_MIGRATION_FAILED` where SQL fails.
 */
export async function migrate(pool: pg.Pool, log: Log, migrations?: readonly Migration[]): Promise<number> {
  let count = 0
  for (const migration of migrations ?? (await readMigrations())) {
    // One transaction each, the lock inside it: a lock bound to the session would not survive a pooler in transaction mode.
    const applied = await inTransaction(pool, (sql) => applyOnce(sql, migration))
    if (!applied) continue
    count += 1
    log.info({ migration: migration.name }, 'migration.applied')
  }
  return count
}

/** The migrations this program brings, in order. Rejects with `FG_STORE_MIGRATION_NUMBERING` where a number is missing or doubled. */
export async function readMigrations(folder: URL = FOLDER): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  const migrations: Migration[] = []
  for (const [index, file] of files.entries()) {
    if (!file.startsWith(`${String(index + 1).padStart(4, '0')}-`)) {
      throw new StoreError(
        'FG_STORE_MIGRATION_NUMBERING',
        `${file} stands where migration ${index + 1} is expected: number migrations 0001-, 0002-, … without gaps or doubles.`,
      )
    }
    const sql = (await readFile(new URL(file, folder), 'utf8')).replaceAll('\r\n', '\n')
    const checksum = createHash('sha256').update(sql).digest('hex')
    migrations.push({ number: index + 1, name: file.slice(0, -'.sql'.length), sql, checksum })
  }
  return migrations
}

async function applyOnce(sql: Sql, migration: Migration): Promise<boolean> {
  // A migration, or waiting for another process's, may take longer than a statement usually may.
  await sql.query('set local statement_timeout = 0')
  await sql.query({ text: 'select pg_advisory_xact_lock($1)', values: [LOCK], query_timeout: PATIENCE_MS })
  await sql.query(
    `create table if not exists migrations (
       number integer primary key,
       name text not null,
       checksum text not null,
       applied_at timestamptz not null default now()
     )`,
  )
  const { rows } = await sql.query<{ name: string; checksum: string }>(
    'select name, checksum from migrations where number = $1',
    [migration.number],
  )
  const applied = rows[0]
  if (applied !== undefined) {
    if (applied.checksum !== migration.checksum) throw changed(migration, applied.name)
    return false
  }
  try {
    await sql.query({ text: migration.sql, query_timeout: PATIENCE_MS })
  } catch (error) {
    throw new StoreError(
      'FG_STORE_MIGRATION_FAILED',
      `Migration ${migration.name} failed and was rolled back whole: ${error instanceof Error ? error.message : error}. ` +
        'The database is as it was; repair the cause and start again.',
      { cause: error },
    )
  }
  await sql.query('insert into migrations (number, name, checksum) values ($1, $2, $3)', [
    migration.number,
    migration.name,
    migration.checksum,
  ])
  return true
}

function changed(migration: Migration, appliedName: string): StoreError {
  return new StoreError(
    'FG_STORE_MIGRATION_CHANGED',
    `Migration ${migration.name} is not the ${appliedName} that this database has applied: its file was edited afterwards. ` +
      'Put the released file back (install the release again) and write what is new as a further migration.',
  )
}

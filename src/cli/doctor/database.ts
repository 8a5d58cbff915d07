import { createLog } from '../../log.ts'
import { connectionTrouble } from '../../store/connection-trouble.ts'
import { startEmbeddedPostgres } from '../../store/embedded/postgres.ts'
import { createPool } from '../../store/pool.ts'
import { readServerFacts, type ServerFacts } from '../../store/server-facts.ts'
import { StoreError } from '../../store/store-error.ts'
import { type Examined, fine, wrong } from './finding.ts'

/** The oldest PostgreSQL the gateway is tested with. */
const OLDEST = 150_000

/** Connects as the gateway would, and asks for the server's version and the right to make schemas. */
export async function examineDatabase(url: string, pooled = false): Promise<Examined> {
  const pool = createPool({ url, max: 1, name: 'doctor', statementTimeoutMs: 5_000, pooled })
  try {
    return judge(await readServerFacts(pool))
  } catch (error) {
    return wrong('database', 'FG_DOCTOR_DATABASE', `DATABASE_URL: ${reasonFor(error, url)}`)
  } finally {
    await pool.end()
  }
}

function judge({ version, mayCreate }: ServerFacts): Examined {
  const name = `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`
  if (version < OLDEST) {
    return wrong('database', 'FG_DOCTOR_DATABASE_OLD', `The server is ${name}. Use PostgreSQL 15 or newer.`)
  }
  if (!mayCreate) {
    const cure = 'Grant it with: grant create on database <name> to <user>;'
    return wrong('database', 'FG_DOCTOR_DATABASE_RIGHTS', `The user may not create a schema in the database. ${cure}`)
  }
  return fine('database', `${name} answers`)
}

function reasonFor(error: unknown, url: string): string {
  const reason = error instanceof Error ? error.message : 'unknown reason'
  return connectionTrouble(error, url) ?? `no connection (${reason}). Check network and TLS.`
}

/** Starts the embedded database as `flowgate start` would, and leaves it as it was. */
export async function examineEmbeddedDatabase(dataFolder: string): Promise<Examined> {
  try {
    const database = await startEmbeddedPostgres({ dataFolder, log: createLog({ level: 'silent' }) })
    try {
      const examined = await examineDatabase(database.url)
      return { ...examined, check: 'embedded database', message: `${examined.message}, kept in ${dataFolder}` }
    } finally {
      await database.stop()
    }
  } catch (error) {
    const code = error instanceof StoreError ? error.code : 'FG_DOCTOR_EMBEDDED'
    const why = error instanceof Error ? error.message : String(error)
    return wrong('embedded database', code, `${why} Or set DATABASE_URL to a PostgreSQL of your own.`)
  }
}

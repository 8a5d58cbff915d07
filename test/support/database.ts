import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { createLog } from '../../src/log.ts'
import type { EmbeddedPostgres } from '../../src/store/embedded/postgres.ts'
import { processIdentity } from '../../src/store/embedded/process-identity.ts'
import { migrate, readMigrations } from '../../src/store/migrate.ts'
import { createPool } from '../../src/store/pool.ts'
import { installQueue } from '../../src/store/queue.ts'
import { startTestServer } from './server.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))

// Any fixed number: only tests take this lock.
const LOCK = 6_021_977

export interface TestDatabase extends AsyncDisposable {
  /** Of a fresh database with all migrations and the queue's schema, empty otherwise. */
  readonly url: string
}

let created = 0
let inUse = 0
let server: Promise<EmbeddedPostgres> | undefined

/** A database of one's own on real PostgreSQL, copied from a migrated template; `await using` drops it. */
export async function testDatabase(): Promise<TestDatabase> {
  inUse += 1
  const adminUrl = await serverUrl()
  const template = await ensureTemplate(adminUrl)
  created += 1
  const name = `test_${processIdentity(process.pid)?.replace('-', '_')}_${created}`
  await asAdmin(adminUrl, (admin) => admin.query(`create database ${name} template ${template}`))
  return {
    url: withDatabase(adminUrl, name),
    async [Symbol.asyncDispose]() {
      await asAdmin(adminUrl, (admin) => admin.query(`drop database if exists ${name} with (force)`))
      await release()
    },
  }
}

async function serverUrl(): Promise<string> {
  const given = process.env['TEST_POSTGRES_URL']
  if (given !== undefined) return given
  server ??= startTestServer()
  return (await server).url
}

async function release(): Promise<void> {
  inUse -= 1
  if (inUse > 0 || server === undefined) return
  const stopping = await server
  server = undefined
  await stopping.stop()
}

/** Built once for these migrations, under a lock, beside its final name: a killed run leaves no half template. */
function ensureTemplate(adminUrl: string): Promise<string> {
  return asAdmin(adminUrl, async (admin) => {
    const name = await templateName()
    await admin.query('select pg_advisory_lock($1)', [LOCK])
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [name])
    if (rowCount === 1) return name
    const unfinished = `${name}_unfinished`
    await admin.query(`drop database if exists ${unfinished} with (force)`)
    await admin.query(`create database ${unfinished}`)
    await install(withDatabase(adminUrl, unfinished))
    await admin.query(`alter database ${unfinished} rename to ${name}`)
    return name
  })
}

async function install(url: string): Promise<void> {
  const pool = createPool({ url, max: 1, name: 'template' })
  await migrate(pool, createLog({ level: 'warn' }))
  await pool.end()
  await installQueue(url)
}

async function templateName(): Promise<string> {
  const hash = createHash('sha256')
  for (const { checksum } of await readMigrations()) hash.update(checksum)
  // The queue brings a schema of its own, which may change with its version and with how we install it.
  for (const file of ['package.json', 'src/store/queue.ts']) hash.update(await readFile(join(REPOSITORY, file)))
  return `template_${hash.digest('hex').slice(0, 16)}`
}

async function asAdmin<Result>(url: string, work: (admin: pg.Client) => Promise<Result>): Promise<Result> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

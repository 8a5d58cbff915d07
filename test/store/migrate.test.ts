import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { createLog } from '../../src/log.ts'
import { type Migration, migrate, readMigrations } from '../../src/store/migrate.ts'
import { createPool } from '../../src/store/pool.ts'
import { testDatabase } from '../support/database.ts'

const log = createLog({ level: 'silent' })

/** The released migrations and more of the test's own. */
async function releasedAnd(...files: readonly string[]): Promise<readonly Migration[]> {
  const released = await readMigrations()
  const own = files.map((sql, index) => ({
    number: released.length + index + 1,
    name: `own-${index + 1}`,
    sql,
    checksum: `checksum of ${sql}`,
  }))
  return [...released, ...own]
}

describe('migrate', () => {
  it('applies each migration once and in order, also when many processes start at once', async () => {
    await using database = await testDatabase()
    const migrations = await releasedAnd('create table counted (n int)', 'insert into counted values (1)')
    const pools = Array.from({ length: 8 }, (_, index) => createPool({ url: database.url, max: 1, name: `p${index}` }))
    const applied = await Promise.all(pools.map((pool) => migrate(pool, log, migrations)))
    assert.equal(
      applied.reduce((sum, count) => sum + count, 0),
      2,
    )
    const { rows } = (await pools[0]?.query('select count(*) as count from counted')) ?? { rows: [] }
    assert.deepEqual(rows, [{ count: 1 }])
    await Promise.all(pools.map((pool) => pool.end()))
  })

  it('refuses an applied migration that was edited afterwards, and says what to do', async () => {
    await using database = await testDatabase()
    const pool = createPool({ url: database.url, max: 1, name: 'test' })
    const edited = (await readMigrations()).map((migration) => ({ ...migration, checksum: 'another' }))
    await assert.rejects(migrate(pool, log, edited), {
      code: 'FG_STORE_MIGRATION_CHANGED',
      message: /0001-main-job.*Put the released file back/,
    })
    await pool.end()
  })

  it('rolls a failing migration back whole and keeps those before it', async () => {
    await using database = await testDatabase()
    const pool = createPool({ url: database.url, max: 1, name: 'test' })
    const migrations = await releasedAnd('create table kept (n int)', 'create table lost (n int); select 1 / 0')
    await assert.rejects(migrate(pool, log, migrations), {
      code: 'FG_STORE_MIGRATION_FAILED',
      message: /own-2 failed and was rolled back whole: division by zero/,
    })
    const { rows } = await pool.query(`select to_regclass('kept') as kept, to_regclass('lost') as lost`)
    assert.deepEqual(rows, [{ kept: 'kept', lost: null }])
    assert.equal(await migrate(pool, log, await releasedAnd('create table kept (n int)')), 0)
    await pool.end()
  })

  it('leaves a database alone that a later release has already migrated further', async () => {
    await using database = await testDatabase()
    const pool = createPool({ url: database.url, max: 1, name: 'test' })
    await migrate(pool, log, await releasedAnd('create table later (n int)'))
    assert.equal(await migrate(pool, log), 0)
    await pool.end()
  })

  it('insists on numbers without gaps or doubles', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'migrations-'))
    await writeFile(join(folder, '0001-first.sql'), 'select 1')
    await writeFile(join(folder, '0003-third.sql'), 'select 1')
    await assert.rejects(readMigrations(pathToFileURL(`${folder}/`)), {
      code: 'FG_STORE_MIGRATION_NUMBERING',
      message: /^0003-third.sql stands where migration 2 is expected/,
    })
    await rm(folder, { recursive: true })
  })

  it('knows a file by its text, however its lines end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'migrations-'))
    await writeFile(join(folder, '0001-first.sql'), 'select\r\n1\r\n')
    const [windows] = await readMigrations(pathToFileURL(`${folder}/`))
    await writeFile(join(folder, '0001-first.sql'), 'select\n1\n')
    const [unix] = await readMigrations(pathToFileURL(`${folder}/`))
    assert.equal(windows?.checksum, unix?.checksum)
    await rm(folder, { recursive: true })
  })
})

import pg from 'pg'
import { testDatabase } from '../support/database.ts'
import { MEMBERS, type SqlPlace, sqlConformance } from './sql-stage.ts'

sqlConformance('sql on PostgreSQL', postgresPlace)

/** A database of one's own on PostgreSQL. */
async function postgresPlace(): Promise<SqlPlace> {
  const database = await testDatabase()
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  await admin.query(MEMBERS)
  let last = Promise.resolve<Awaited<ReturnType<SqlPlace['rows']>>>([])
  return {
    url: database.url,
    // One after the other: a connection takes one question at a time.
    rows() {
      const look = async () =>
        (await admin.query('select number, name, flowgate_submission as submission from members')).rows
      last = last.then(look)
      return last
    },
    async [Symbol.asyncDispose]() {
      await admin.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

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
  return {
    url: database.url,
    async rows() {
      return (await admin.query('select number, name, flowgate_submission as submission from members')).rows
    },
    async addTwins(name) {
      await admin.query("insert into members (number, name) values ('T-1', $1), ('T-2', $1)", [name])
    },
    async [Symbol.asyncDispose]() {
      await admin.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

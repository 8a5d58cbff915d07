import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { MEMBERS, type SqlPlace } from '../../../conformance/sql-stage.ts'
import type { Mariadb } from '../../../support/mariadb.ts'
import { type Ground, tables } from './ground.ts'

/** A database of one's own on a MariaDB server. */
export async function mariadbGround(server: Mariadb): Promise<Ground> {
  const url = await server.database()
  const database = new URL(url).pathname.slice(1)
  const admin = await createConnection({ uri: server.adminUrl, multipleStatements: true, dateStrings: true })
  await admin.query(`use ${database}`)
  await admin.query(
    tables({
      serial: 'integer auto_increment',
      moment: 'datetime(3)',
      instant: 'timestamp(3) null',
      stage: `enum('new', 'it''s known', 'customer')`,
      json: 'json',
      tags: `set('red', 'blue')`,
    }),
  )
  await admin.query(`create user '${database}_writer'@'%' identified by 'only-leads'`)
  await admin.query(`grant select, insert, update on ${database}.leads to '${database}_writer'@'%'`)
  const writerUrl = new URL(url)
  writerUrl.username = `${database}_writer`
  writerUrl.password = 'only-leads'
  return {
    dialect: 'mysql',
    url,
    writerUrl: writerUrl.href,
    run: async (statements) => {
      const [rows] = await admin.query<RowDataPacket[]>(statements)
      return rows
    },
    async other() {
      const connection = await createConnection({ uri: url })
      await connection.beginTransaction()
      let ended: Promise<void> | undefined
      const end = () => {
        ended ??= connection.end()
        return ended
      }
      return {
        run: async (statement) => {
          await connection.query(statement)
        },
        end,
        [Symbol.asyncDispose]: end,
      }
    },
    async waiting() {
      // innodb_trx is refreshed only once nobody has looked for a tenth of a second.
      const [rows] = await admin.query<RowDataPacket[]>('show engine innodb status')
      const [, now = ''] = String(rows[0]?.['Status']).split('LIST OF TRANSACTIONS')
      return now.match(/^LOCK WAIT/gm)?.length ?? 0
    },
    async [Symbol.asyncDispose]() {
      await admin.query(`drop user '${database}_writer'@'%'`)
      await admin.query(`drop database ${database}`)
      await admin.end()
    },
  }
}

/** A database of one's own for the conformance kit. */
export async function mariadbPlace(server: Mariadb): Promise<SqlPlace> {
  const url = await server.database()
  const admin = await createConnection({ uri: url })
  await admin.query(MEMBERS)
  return {
    url,
    async rows() {
      const [rows] = await admin.query<RowDataPacket[]>(
        'select number, name, flowgate_submission as submission from members',
      )
      return rows.map(({ number, name, submission }) => ({ number, name, submission }))
    },
    async addTwins(name) {
      await admin.query("insert into members (number, name) values ('T-1', ?), ('T-2', ?)", [name, name])
    },
    [Symbol.asyncDispose]: () => admin.end(),
  }
}

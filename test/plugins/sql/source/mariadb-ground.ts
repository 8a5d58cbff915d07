import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Mariadb } from '../../../support/mariadb.ts'
import { type Ground, TABLES, type Words } from './ground.ts'

/** What tests write in MariaDB's dialect. */
export const MARIADB_WORDS: Words = {
  sleep: 'sleep(30)',
  writingFunction: `create function take_all() returns int begin update slots set held_by = 'all'; return 1; end`,
  series: 'select seq as n from seq_1_to_2000 limit :many',
  typed: ':typed',
  returning: '',
  slot4: {},
}

/** A database of one's own on a MariaDB server. */
export async function mariadbGround(server: Mariadb): Promise<Ground> {
  const url = await server.database()
  const database = new URL(url).pathname.slice(1)
  const admin = await createConnection({ uri: server.adminUrl, multipleStatements: true })
  await admin.query(`use ${database}`)
  await admin.query(TABLES)
  await admin.query(`create user '${database}_reader'@'%' identified by 'only-reading'`)
  await admin.query(`grant select on ${database}.slots to '${database}_reader'@'%'`)
  const readerUrl = new URL(url)
  readerUrl.username = `${database}_reader`
  readerUrl.password = 'only-reading'
  const others = `from information_schema.processlist where db = '${database}' and id <> connection_id()`
  return {
    url,
    readerUrl: readerUrl.href,
    run: async (statements) => {
      const [rows] = await admin.query<RowDataPacket[]>(statements)
      return rows
    },
    async running(words) {
      const text = `select count(*) as many ${others} and command <> 'Sleep' and instr(info, ?) > 0`
      const [rows] = await admin.query<RowDataPacket[]>(text, [words])
      return Number(rows[0]?.['many'])
    },
    async killConnections() {
      const [rows] = await admin.query<RowDataPacket[]>(`select id ${others}`)
      for (const { id } of rows) await admin.query('kill ?', [id])
    },
    async lockSlot(id) {
      const locking = await createConnection({ uri: url })
      await locking.beginTransaction()
      await locking.query('select id from slots where id = ? for update', [id])
      return () => locking.end()
    },
    async [Symbol.asyncDispose]() {
      await admin.query(`drop database ${database}`)
      await admin.end()
    },
  }
}

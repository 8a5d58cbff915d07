import type { SourceStage } from 'flowgate/plugin/testing'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { SqlSourceConfig } from '../../../../plugins/sql/queries/settings.ts'
import { postgresLine } from '../../../conformance/postgres-line.ts'
import type { Mariadb } from '../../../support/mariadb.ts'

const REFUSED_PASSWORD = 'refused-0815'

const QUERIES = `
-- name: member
select number, name from members where number = :number

-- name: hold (reserve)
update slots set holder = :key where slot = :slot and (holder is null or holder = :key)

-- name: free (release)
update slots set holder = null where slot = :slot and holder = :key
`

/** Ten members and five slots in a database of one's own on MariaDB, reached by a line that can be cut. */
export async function mariadbStage(server: Mariadb): Promise<SourceStage<SqlSourceConfig>> {
  const address = await server.database()
  const admin = await createConnection({ uri: address, multipleStatements: true })
  const blocker = await createConnection({ uri: address })
  await admin.query(`
    create table members as select concat('M-', seq) as number, concat('Member ', seq) as name from seq_0_to_9;
    create table slots as select concat('slot-', seq) as slot, cast(null as char(64)) as holder from seq_0_to_4;
  `)
  // It passes on what it does not understand; `commit` is written alike in both protocols.
  const line = await postgresLine(address)
  const settings = (url: string): SqlSourceConfig => ({ url, queries: 'queries.sql', writes: true })
  const refused = new URL(line.url)
  refused.password = REFUSED_PASSWORD

  /** Statements of the plugin that wait for the lock of `hang`. */
  const waiting = async () => {
    const text = `select count(*) as waiting from information_schema.processlist
      where db = database() and state like 'Waiting for table metadata lock%'`
    const [rows] = await admin.query<RowDataPacket[]>(text)
    return Number(rows[0]?.['waiting'])
  }
  let hanging = false

  return {
    config: settings(line.url),
    refusedConfig: settings(refused.href),
    secrets: [decodeURIComponent(new URL(address).password), REFUSED_PASSWORD, 'M-0', 'M-1', 'M-2'],
    context: { readFile: async () => QUERIES },
    known: (index) => ({
      query: 'member',
      parameters: { number: `M-${index}` },
      answer: [{ number: `M-${index}`, name: `Member ${index}` }],
    }),
    nothing: { query: 'member', parameters: { number: 'M-10' } },
    trouble: {
      asked: async () => (hanging ? waiting() : line.connections()),
      unavailable: () => line.cut(),
      async hang() {
        hanging = true
        await blocker.query('lock tables members write')
      },
      aborted: async () => (await waiting()) === 0,
    },
    reservations: {
      reserve: 'hold',
      release: 'free',
      parameters: (index) => ({ slot: `slot-${index}` }),
      async held(index) {
        const held = 'select 1 from slots where slot = ? and holder is not null'
        const [rows] = await admin.query<RowDataPacket[]>(held, [`slot-${index}`])
        return rows.length
      },
      loseReply: () => line.loseCommit(),
    },
    async [Symbol.asyncDispose]() {
      await line.close()
      await Promise.all([admin.end(), blocker.end()])
    },
  }
}

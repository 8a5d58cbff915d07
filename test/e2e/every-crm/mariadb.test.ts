import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import { databaseLine } from '../../support/database-line.ts'
import { hasMariadb, Mariadb } from '../../support/mariadb.ts'
import { onceTests } from './once.ts'
import { type SqlWorld, sqlCrm, tables } from './sql-crm.ts'

/** Aria tables that are not transactional keep their rows when a transaction is undone, so the trigger strikes once. */
const TRIGGER = [
  'create table tries (name varchar(80)) engine = aria transactional = 0',
  `create trigger strike before insert on contacts for each row
   begin
     if new.name = 'Deadlocked' then
       insert into tries values (new.name);
       if (select count(*) from tries) = 1 then
         signal sqlstate '40001' set mysql_errno = 1213, message_text = 'Deadlock found when trying to get lock';
       end if;
     end if;
   end`,
]

test('MariaDB: delivering through real gateways is tried on a real server, always where CI is set', () => {
  const cure = 'MariaDB is not installed, so this goes untried: apt-get install mariadb-server, as .ci/run does.'
  assert.ok(hasMariadb() || process.env['CI'] === undefined, cure)
  if (!hasMariadb()) console.log('MariaDB is not installed: what needs its server was not tried.')
})

if (hasMariadb()) testOn(await Mariadb.start())

function testOn(server: Mariadb): void {
  after(() => server[Symbol.asyncDispose]())
  onceTests(sqlCrm({ name: 'SQL on MariaDB', start: () => start(server) }))
}

async function start(server: Mariadb): Promise<SqlWorld> {
  const url = await server.database()
  const admin = await createConnection({ uri: server.adminUrl })
  await admin.query(`use ${new URL(url).pathname.slice(1)}`)
  for (const statement of [...tables('integer auto_increment'), ...TRIGGER]) await admin.query(statement)
  const line = await databaseLine(url)
  const others: Connection[] = []
  const run = async (statement: string): Promise<readonly RowDataPacket[]> => {
    const [rows] = await admin.query<RowDataPacket[]>(statement)
    return rows
  }
  return {
    line,
    run,
    async other() {
      const connection = await createConnection({ uri: url })
      others.push(connection)
      await connection.beginTransaction()
      return {
        run: async (statement) => {
          await connection.query(statement)
        },
        commit: () => connection.commit(),
      }
    },
    async waiting() {
      const [status] = await run('show engine innodb status')
      const [, transactions = ''] = String(status?.['Status']).split('LIST OF TRANSACTIONS')
      return transactions.match(/^LOCK WAIT/gmu)?.length ?? 0
    },
    deadlocks: async () => (await run('select name from tries')).length - 1,
    async [Symbol.asyncDispose]() {
      await Promise.all([...others, admin].map((connection) => connection.end()))
      await line[Symbol.asyncDispose]()
    },
  }
}

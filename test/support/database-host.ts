/**
 * A small program that hosts an embedded PostgreSQL: `node database-host.ts <folder> [<statement>]`.
 * Prints one line of JSON once it is up and the statement is committed; stops when its standard input ends.
 */
import pg from 'pg'
import { createLog } from '../../src/log.ts'
import { startEmbeddedPostgres } from '../../src/store/embedded/postgres.ts'

const [dataFolder = '', statement = 'select 1'] = process.argv.slice(2)
const server = await startEmbeddedPostgres({ dataFolder, log: createLog({ level: 'silent' }) })
const client = new pg.Client({ connectionString: server.url })
await client.connect()
const { rows } = await client.query(statement)
await client.end()
process.on('SIGINT', () => {})
process.stdin.resume()
process.stdin.once('end', () => {
  server.stop().then(() => process.exit(0))
})
console.log(JSON.stringify({ url: server.url, rows }))

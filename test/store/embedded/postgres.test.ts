import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import pg from 'pg'
import { processIdentity } from '../../../src/store/embedded/process-identity.ts'
import { eventually } from '../../support/eventually.ts'
import { OwnPostgres } from '../../support/own-postgres.ts'

const WRITE = `create table leads (name text); insert into leads values ('Ana'); select name from leads`

async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

const isAlive = (pid: number | undefined) => pid !== undefined && processIdentity(pid) !== undefined

describe('embedded PostgreSQL', () => {
  it('keeps what was committed before its host was killed, and the next start adopts the server', async () => {
    await using own = await OwnPostgres.create()
    const host = await own.host(WRITE)
    await host.kill('SIGKILL')
    const serverPid = await own.serverPid()
    const server = await own.start()
    assert.deepEqual(await ask(server.url, 'select name from leads'), [{ name: 'Ana' }])
    assert.equal(await own.serverPid(), serverPid)
    await server.stop()
    await eventually(() => !isAlive(serverPid))
  })

  it('recovers when host and server were both killed', async () => {
    await using own = await OwnPostgres.create()
    const host = await own.host(WRITE)
    const serverPid = await own.serverPid()
    await host.kill('SIGKILL')
    process.kill(serverPid ?? 0, 'SIGKILL')
    const server = await own.start()
    assert.deepEqual(await ask(server.url, 'select name from leads'), [{ name: 'Ana' }])
    assert.notEqual(await own.serverPid(), serverPid)
    await server.stop()
  })

  it('is shared by two hosts: the first out leaves it running, the last out stops it', async () => {
    await using own = await OwnPostgres.create()
    const [first, second] = await Promise.all([own.host(), own.host()])
    assert.equal(first.url, second.url)
    const serverPid = await own.serverPid()
    await first.stop()
    assert.deepEqual(await ask(second.url, 'select 1 as one'), [{ one: 1 }])
    await second.stop()
    assert.equal(isAlive(serverPid), false)
    assert.equal(await own.serverPid(), undefined)
  })

  it('does not count a killed host among those who still use it', async () => {
    await using own = await OwnPostgres.create()
    const [killed, orderly] = await Promise.all([own.host(), own.host()])
    const serverPid = await own.serverPid()
    await killed.kill('SIGKILL')
    await orderly.stop()
    assert.equal(isAlive(serverPid), false)
  })

  it('outlives Ctrl-C in the terminal of its host', async () => {
    await using own = await OwnPostgres.create()
    const host = await own.host()
    process.kill(-(host.process.pid ?? 0), 'SIGINT')
    assert.deepEqual(await ask(host.url, 'select 1 as one'), [{ one: 1 }])
    await host.stop()
    const said = await readFile(join(own.folder, 'server.log'), 'utf8')
    assert.equal(said.match(/received .* shutdown request/g)?.length, 1, 'only the stop that we asked for')
  })

  it('stores Unicode and knows its letters, whatever locale the host has', async () => {
    await using own = await OwnPostgres.create()
    const { PATH } = process.env
    const host = await own.host(
      `select current_setting('server_encoding') as encoding, lower('ÉŁÇ') as lower, '漢字 👍' as text`,
      { PATH },
    )
    assert.deepEqual(host.rows, [{ encoding: 'UTF8', lower: 'éłç', text: '漢字 👍' }])
    await host.stop()
  })

  it('writes to disk what it commits, listens on 127.0.0.1 only and asks for its password', async () => {
    await using own = await OwnPostgres.create()
    const server = await own.start()
    const [settings] = await ask(
      server.url,
      `select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
         current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as addresses,
         current_setting('unix_socket_directories') as sockets`,
    )
    assert.deepEqual(settings, { fsync: 'on', pages: 'on', commit: 'on', addresses: '127.0.0.1', sockets: '' })
    const guess = new URL(server.url)
    guess.password = 'guess'
    await assert.rejects(ask(guess.href, 'select 1'), { code: '28P01' })
    assert.equal((await stat(join(own.folder, 'password'))).mode & 0o777, 0o600)
    await server.stop()
    await server.stop()
  })

  it('passes over a note of a former server whose number another program has by now', async () => {
    await using own = await OwnPostgres.create()
    await (await own.host(WRITE)).stop()
    const note = [process.pid, join(own.folder, 'cluster'), 1, 5432, '', '127.0.0.1', '1 1', 'ready'].join('\n')
    await writeFile(join(own.folder, 'cluster/postmaster.pid'), note)
    const server = await own.start()
    assert.deepEqual(await ask(server.url, 'select name from leads'), [{ name: 'Ana' }])
    await server.stop()
  })

  it('keeps its port between starts, and takes another where someone else has it', async () => {
    await using own = await OwnPostgres.create()
    const first = await own.start()
    await first.stop()
    const second = await own.start()
    assert.equal(second.url, first.url)
    await second.stop()
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1')
    await once(squatter, 'listening')
    const third = await own.start()
    assert.notEqual(new URL(third.url).port, new URL(first.url).port)
    assert.deepEqual(await ask(third.url, 'select 1 as one'), [{ one: 1 }])
    await third.stop()
    squatter.close()
  })

  it('starts over where its making was interrupted', async () => {
    await using own = await OwnPostgres.create()
    await (await own.host()).stop()
    await rename(join(own.folder, 'cluster'), join(own.folder, 'cluster.unfinished'))
    const server = await own.start()
    assert.deepEqual(await ask(server.url, 'select 1 as one'), [{ one: 1 }])
    await server.stop()
  })

  it('says what to do when its password is lost, or is not the one', async () => {
    await using own = await OwnPostgres.create()
    const host = await own.host()
    const file = join(own.folder, 'password')
    const password = await readFile(file, 'utf8')
    await writeFile(file, 'another')
    await assert.rejects(own.start(), { code: 'FG_STORE_PASSWORD_UNREADABLE', message: /restore the file/ })
    await writeFile(file, password)
    await host.stop()
    await rm(file)
    await assert.rejects(own.start(), { code: 'FG_STORE_PASSWORD_UNREADABLE', message: /restore the file/ })
  })

  it('says why it does not start, and where to read more', async () => {
    await using own = await OwnPostgres.create()
    await (await own.host()).stop()
    await writeFile(join(own.folder, 'cluster/PG_VERSION'), '9\n')
    await assert.rejects(own.start(), {
      code: 'FG_STORE_EMBEDDED_POSTGRES_FAILED',
      message: /incompatible with server.*server\.log.*set DATABASE_URL/s,
    })
  })
})

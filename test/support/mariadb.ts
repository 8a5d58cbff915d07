import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { type Account, serverAccount } from '../../src/store/embedded/account.ts'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'

const PASSWORD = 'test/+@'

/** Where a program of MariaDB is; servers lie where not everybody looks for programs. */
function place(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path))
}

/** Whether this machine has a MariaDB server to start. */
export function hasMariadb(): boolean {
  return place('mariadbd') !== undefined && place('mariadb-install-db') !== undefined
}

/** What a server encrypts with, for those who ask for it. */
export interface MariadbTls {
  readonly certificate: string
  readonly key: string
}

/** A MariaDB server of one's own, on a new data folder and a free port of 127.0.0.1. */
export class Mariadb implements AsyncDisposable {
  /** Of an account that may do everything. */
  readonly adminUrl: string
  readonly #folder: string
  readonly #process: ChildProcess
  #databases = 0

  private constructor(folder: string, process: ChildProcess, port: number) {
    this.#folder = folder
    this.#process = process
    this.adminUrl = `mysql://admin:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/mysql`
  }

  /** Resolves once it takes connections; rejects with what the server wrote where it does not. */
  static async start(tls?: MariadbTls): Promise<Mariadb> {
    const folder = await mkdtemp(join(tmpdir(), 'own-mariadb-'))
    const account = await serverAccount(folder)
    if (account !== undefined) await chown(folder, account.uid, account.gid)
    const files = {
      'first.sql': FIRST_STATEMENTS,
      ...(tls && { 'server.pem': tls.certificate, 'server.key': tls.key }),
    }
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    install(folder, account)
    const port = await freePort()
    const running = spawnServer(folder, port, account, tls !== undefined)
    const server = new Mariadb(folder, running, port)
    try {
      await eventually(() => server.#connects())
    } catch (error) {
      const written = await readFile(join(folder, 'log'), 'utf8').catch(() => 'nothing')
      await server[Symbol.asyncDispose]()
      throw new Error(`MariaDB did not start: ${written}`, { cause: error })
    }
    return server
  }

  /** A new, empty database, and an account that owns it and nothing else. */
  async database(): Promise<string> {
    this.#databases += 1
    const name = `test_${this.#databases}`
    const admin = await createConnection({ uri: this.adminUrl })
    await admin.query(`create database ${name} character set utf8mb4`)
    await admin.query(`create user '${name}'@'%' identified by '${PASSWORD}'`)
    await admin.query(`grant all on ${name}.* to '${name}'@'%'`)
    await admin.end()
    const url = new URL(this.adminUrl)
    url.username = name
    url.pathname = `/${name}`
    return url.href
  }

  async [Symbol.asyncDispose]() {
    const ended = once(this.#process, 'exit')
    this.#process.stdin?.end()
    if (this.#process.exitCode === null) await ended
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #connects(): Promise<true> {
    if (this.#process.exitCode !== null) throw new Error(`it ended with ${this.#process.exitCode}`)
    const admin = await createConnection({ uri: this.adminUrl, connectTimeout: 1_000 })
    await admin.end()
    return true
  }
}

/** What a new server does first; nobody gets in over the network before. */
const FIRST_STATEMENTS = `
  create user 'admin'@'%' identified by '${PASSWORD}';
  grant all on *.* to 'admin'@'%' with grant option;
`

function install(folder: string, account: Account | undefined): void {
  const { status, stderr, stdout } = spawnSync(
    place('mariadb-install-db') ?? 'mariadb-install-db',
    ['--no-defaults', `--datadir=${folder}/data`, '--skip-test-db', '--skip-name-resolve'],
    { ...as(account), cwd: folder, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`mariadb-install-db ended with ${status}: ${stdout}${stderr}`)
}

/** Starts the server named by the arguments, and ends it when standard input ends: also when this process is killed. */
const SUPERVISE = `
  exec 3<&0
  "$@" >log 2>&1 </dev/null & server=$!
  { cat <&3; kill "$server"; } >/dev/null 2>&1 &
  wait "$server"
`

function spawnServer(folder: string, port: number, account: Account | undefined, tls: boolean): ChildProcess {
  const server = [
    place('mariadbd') ?? 'mariadbd',
    '--no-defaults',
    `--datadir=${folder}/data`,
    `--socket=${folder}/socket`,
    `--pid-file=${folder}/pid`,
    `--init-file=${folder}/first.sql`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--innodb-buffer-pool-size=32M',
    '--innodb-log-file-size=16M',
    // No test of ours outlives the machine.
    '--innodb-flush-log-at-trx-commit=0',
    ...(tls ? [`--ssl-cert=${folder}/server.pem`, `--ssl-key=${folder}/server.key`] : []),
  ]
  return spawn('/bin/sh', ['-c', SUPERVISE, 'sh', ...server], {
    ...as(account),
    cwd: folder,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
}

/** MariaDB refuses to run as root. */
function as(account: Account | undefined): { uid?: number; gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createLog } from '../../src/log.ts'
import { startEmbeddedPostgres } from '../../src/store/embedded/postgres.ts'

const HOST_PROGRAM = fileURLToPath(new URL('./database-host.ts', import.meta.url))

export interface Host {
  readonly process: ChildProcess
  readonly url: string
  /** Of the statement it was given. */
  readonly rows: readonly Record<string, unknown>[]
  /** Resolves once the program has ended. */
  stop(): Promise<void>
  kill(signal: NodeJS.Signals): Promise<void>
}

/** A data folder for tests that kill servers and hosts; at the end its server is stopped and the folder removed. */
export class OwnPostgres implements AsyncDisposable {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(): Promise<OwnPostgres> {
    const parent = await mkdtemp(join(tmpdir(), 'own-postgres-'))
    // A new temporary folder is closed to the user that the server runs as where the tests run as root.
    await chmod(parent, 0o755)
    return new OwnPostgres(join(parent, 'data'))
  }

  /** Starts a process that hosts the server and has run `statement`. */
  async host(statement?: string, environment: NodeJS.ProcessEnv = process.env): Promise<Host> {
    const program = spawn(
      process.execPath,
      [HOST_PROGRAM, this.folder, ...(statement === undefined ? [] : [statement])],
      {
        detached: true,
        stdio: ['pipe', 'pipe', 'inherit'],
        env: environment,
      },
    )
    const ended = once(program, 'exit')
    const [line] = await Promise.race([
      once(createInterface(program.stdout), 'line'),
      ended.then(([status]) => Promise.reject(new Error(`the host ended with ${status}`))),
    ])
    return {
      process: program,
      ...JSON.parse(line),
      async stop() {
        program.stdin.end()
        await ended
      },
      async kill(signal) {
        program.kill(signal)
        await ended
      },
    }
  }

  start() {
    return startEmbeddedPostgres({ dataFolder: this.folder, log: createLog({ level: 'silent' }) })
  }

  /** The server's main process, `undefined` when none has noted itself. */
  async serverPid(): Promise<number | undefined> {
    const text = await readFile(join(this.folder, 'cluster/postmaster.pid'), 'utf8').catch(() => undefined)
    return text === undefined ? undefined : Number.parseInt(text, 10)
  }

  async [Symbol.asyncDispose]() {
    if ((await this.serverPid()) !== undefined) await (await this.start()).stop()
    await rm(join(this.folder, '..'), { recursive: true })
  }
}

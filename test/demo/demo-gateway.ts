import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const STOP_WITHIN_MS = 25_000
const LINES_KEPT = 40

export interface CommandResult {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A gateway in a process of its own. */
export interface DemoGateway {
  readonly url: string
  /** The last lines it wrote, for when something went wrong. */
  lastLines(): readonly string[]
  /** Runs a command of the command line as an operator would beside it: same folder, same environment but for `changes`. */
  command(argv: readonly string[], changes?: Readonly<Record<string, string>>): CommandResult
  /** Stops it as an operator would, and resolves with its exit code; kills it where it takes longer than it may. */
  stop(): Promise<number>
}

export interface DemoGatewayOptions {
  /** The folder it runs in: its embedded database lies below. */
  readonly folder: string
  /** Everything it is given; nothing else of this process's environment but where programs are. */
  readonly env: Readonly<Record<string, string>>
}

/** Starts `flowgate start` with both roles, and resolves once it is ready. Rejects with its last lines where it is not. */
export async function startDemoGateway({ folder, env }: DemoGatewayOptions): Promise<DemoGateway> {
  const port = await freePort()
  const whole = { ...surroundings(), ...env, PORT: String(port), HOST: '127.0.0.1' }
  const child = spawn(process.execPath, [MAIN, 'start', '--role', 'all'], { cwd: folder, env: whole })
  const lines = keepLastLines(child)
  const url = `http://127.0.0.1:${port}`
  try {
    await eventually(async () => child.exitCode !== null || (await isReady(url)), { withinMs: 40_000 })
    if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}`)
  } catch (error) {
    await stop(child)
    throw new Error(`The gateway did not become ready. Its last lines:\n${lines.join('\n')}`, { cause: error })
  }
  return {
    url,
    lastLines: () => [...lines],
    command(argv, changes = {}) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...argv], {
        cwd: folder,
        env: { ...whole, ...changes },
        encoding: 'utf8',
      })
      return { code: status ?? 1, out: stdout, err: stderr }
    },
    stop: () => stop(child),
  }
}

/** What a program needs to run at all. A DATABASE_URL or a secret of the shell must not reach the demo. */
function surroundings(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'USER', 'LD_LIBRARY_PATH']
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })
  return response.ok
}

function keepLastLines(child: ChildProcess): string[] {
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.split('\n').filter((line) => line !== ''))
      lines.splice(0, lines.length - LINES_KEPT)
    })
  }
  return lines
}

async function stop(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return child.exitCode
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
  const [code] = (await exited) as [number | null]
  clearTimeout(late)
  return code ?? 1
}

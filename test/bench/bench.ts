import { type ChildProcess, fork } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { createLog } from '../../src/log.ts'
import { startEmbeddedPostgres } from '../../src/store/embedded/postgres.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import type { LoadOrder, LoadReport } from './load.ts'
import type { Workload } from './workload.ts'

/*
 * Exchanges and durable submissions per second over HTTP, each beside a bare node:http server of the same protocol in
 * the same run: the ratio is the figure to quote, since it holds when the machine's speed does not.
 * `npm run bench [-- --rounds 3 --requests 8000 --connections 32 --only exchange|submission]`
 */
const TARGETS: Readonly<Record<Workload, number>> = { exchange: 0.6, submission: 0.4 }
const P99_TARGET_MS = 100
const APP_SECRET = 'bench-app-secret'

const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at === -1 ? otherwise : Number(process.argv[at + 1])
}
const rounds = option('rounds', 3)
const requests = option('requests', 8000)
const connections = option('connections', 32)
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

async function startGateway(databaseUrl: string): Promise<{ process: ChildProcess; url: string }> {
  const port = await freePort()
  const gateway = fork(here('../../src/main.ts'), ['start', '--role', 'web'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrl,
      FLOWGATE_CONFIG: here('../../config'),
      META_APP_SECRET: APP_SECRET,
      FLOW_PRIVATE_KEY: privateKey,
      HUBSPOT_ACCESS_TOKEN: 'not-used-by-web',
      SLACK_BOT_TOKEN: 'not-used-by-web',
      HOST: '127.0.0.1',
      PORT: String(port),
      LOG_LEVEL: 'warn',
    },
  })
  const url = `http://127.0.0.1:${port}`
  await eventually(async () => (await fetch(`${url}/readyz`)).ok)
  return { process: gateway, url: `${url}/flows/lead-gen` }
}

async function startBare(): Promise<{ process: ChildProcess; url: string }> {
  const bare = fork(here('./bare-server.ts'), {
    env: { PATH: process.env['PATH'], BENCH_PRIVATE_KEY: privateKey, BENCH_APP_SECRET: APP_SECRET },
  })
  const { port } = await new Promise<{ port: number }>((resolve) => bare.once('message', resolve))
  return { process: bare, url: `http://127.0.0.1:${port}/` }
}

/** A process of its own for every run, so that no run pays for the garbage of another. */
async function load(order: Omit<LoadOrder, 'publicKey' | 'appSecret' | 'connections'>): Promise<LoadReport> {
  const child = fork(here('./load.ts'))
  child.send({ ...order, publicKey, appSecret: APP_SECRET, connections })
  const report = await new Promise<LoadReport>((resolve, reject) => {
    child.once('message', (message: LoadReport) => resolve(message))
    child.once('exit', () => reject(new Error('the load process ended without a report')))
  })
  child.disconnect()
  return report
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0
const rate = ({ answered, seconds }: LoadReport): number => answered / seconds
const failures: string[] = []

async function measure(workload: Workload, gateway: string, bare: string): Promise<LoadReport[]> {
  const ratios: number[] = []
  const reports: LoadReport[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const shared = { workload, run: `${workload}-${round}`, requests: round === 0 ? requests / 4 : requests }
    const plain = await load({ ...shared, url: bare, realAnswers: false })
    const ours = await load({ ...shared, url: gateway, realAnswers: true })
    reports.push(ours)
    if (ours.wrong + ours.notAnswered + plain.wrong + plain.notAnswered > 0) {
      failures.push(`${workload}: ${ours.wrong} wrong and ${ours.notAnswered} missing answers`)
    }
    if (round === 0) continue
    ratios.push(rate(ours) / rate(plain))
    console.log(
      `${workload.padEnd(10)} round ${round}: ${rate(ours).toFixed(0).padStart(5)}/s, bare ${rate(plain).toFixed(0).padStart(5)}/s,` +
        ` ratio ${(rate(ours) / rate(plain)).toFixed(2)}; p50 ${ours.p50Ms.toFixed(1)} ms, p99 ${ours.p99Ms.toFixed(1)} ms` +
        ` (bare p50 ${plain.p50Ms.toFixed(1)}, p99 ${plain.p99Ms.toFixed(1)}); ${ours.opened} answers opened, ${ours.wrong} wrong`,
    )
  }
  const ratio = median(ratios)
  const p99 = median(reports.slice(1).map(({ p99Ms }) => p99Ms))
  console.log(
    `${workload.padEnd(10)} median ratio ${ratio.toFixed(2)} (target ${TARGETS[workload]}), p99 ${p99.toFixed(1)} ms (target ${P99_TARGET_MS})\n`,
  )
  if (ratio < TARGETS[workload]) failures.push(`${workload}: ratio ${ratio.toFixed(2)} is under ${TARGETS[workload]}`)
  if (p99 >= P99_TARGET_MS) failures.push(`${workload}: p99 ${p99.toFixed(1)} ms is not under ${P99_TARGET_MS}`)
  return reports
}

async function countSubmissions(databaseUrl: string, accepted: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ all: string; runs: string; jobs: string }>(
    `select count(*) as all, count(distinct session_id) as runs,
            (select count(distinct submission_id) from deliveries) as jobs from submissions`,
  )
  await client.end()
  const [row] = rows
  console.log(
    `submissions answered ${accepted}, stored ${row?.all}, of different people ${row?.runs}, with deliveries ${row?.jobs}`,
  )
  for (const count of [row?.all, row?.runs, row?.jobs]) {
    if (Number(count) !== accepted) failures.push(`${accepted} submissions were answered, but ${count} are stored`)
  }
}

const dataFolder = await mkdtemp(join(tmpdir(), 'flowgate-bench-'))
// A new temporary folder is closed to the user that the server runs as where the bench runs as root.
await chmod(dataFolder, 0o755)
const database = await startEmbeddedPostgres({ dataFolder, log: createLog({ level: 'warn', name: 'bench' }) })
const running: ChildProcess[] = []
try {
  console.log(
    `${availableParallelism()} cores, ${connections} connections, ${requests} requests a run, ${rounds} rounds after a warm-up`,
  )
  console.log('web role alone, durable commits, limits and sessions on; load, gateway and database share the cores\n')
  const bare = await startBare()
  running.push(bare.process)
  const gateway = await startGateway(database.url)
  running.push(gateway.process)
  if (only !== 'submission') await measure('exchange', gateway.url, bare.url)
  const submitted = only === 'exchange' ? [] : await measure('submission', gateway.url, bare.url)
  await countSubmissions(
    database.url,
    submitted.reduce((sum, { answered }) => sum + answered, 0),
  )
} finally {
  for (const child of running) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }
  await database.stop()
  await rm(dataFolder, { recursive: true, force: true })
}
for (const failure of failures) console.error(`NOT MET: ${failure}`)
process.exitCode = failures.length === 0 ? 0 : 1

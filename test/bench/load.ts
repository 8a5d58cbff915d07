import { createPublicKey } from 'node:crypto'
import { Agent, request } from 'node:http'
import { type SealedRequest, sealRequest, sign } from '../../src/cli/simulator/sealing.ts'
import { expectedScreens, personRequests, type Workload } from './workload.ts'

/** One measured run, as the bench orders it from this process. */
export interface LoadOrder {
  readonly url: string
  readonly publicKey: string
  readonly appSecret: string
  readonly workload: Workload
  readonly connections: number
  /** Requests to send in all; they are sealed before the clock starts. */
  readonly requests: number
  /** Makes tokens of this run differ from those of every other. */
  readonly run: string
  /** Whether answers name the screens of the flow, or are the bare server's fixed one. */
  readonly realAnswers: boolean
}

export interface LoadReport {
  readonly answered: number
  readonly notAnswered: number
  readonly opened: number
  readonly wrong: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
}

interface Prepared {
  readonly sealed: SealedRequest
  readonly signature: string
  readonly expected: string
}

/** Every so many answers one is opened and read. */
const SAMPLE = 25

function prepare(order: LoadOrder): Prepared[][] {
  const publicKey = createPublicKey(order.publicKey)
  const screens = expectedScreens[order.workload]
  const people: Prepared[][] = []
  for (let person = 0; person * screens.length < order.requests; person += 1) {
    const requests = personRequests(order.workload, `${order.run}-${person}`)
    people.push(
      requests.map((payload, index) => {
        const sealed = sealRequest(payload, publicKey)
        return { sealed, signature: sign(sealed.body, order.appSecret), expected: screens[index] ?? '' }
      }),
    )
  }
  return people
}

async function run(order: LoadOrder): Promise<LoadReport> {
  const people = prepare(order)
  const agent = new Agent({ keepAlive: true, maxSockets: order.connections })
  const latencies: number[] = []
  const report = { answered: 0, notAnswered: 0, opened: 0, wrong: 0 }
  const post = ({ sealed, signature }: Prepared) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sealed.body) }
      const outgoing = request(
        order.url,
        { method: 'POST', agent, headers: { ...headers, 'x-hub-signature-256': signature } },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
          )
        },
      )
      outgoing.on('error', reject)
      outgoing.end(sealed.body)
    })
  const check = (prepared: Prepared, text: string): void => {
    const opened = prepared.sealed.open(text)
    report.opened += 1
    if (!opened.ok || (order.realAnswers && opened.plaintext['screen'] !== prepared.expected)) report.wrong += 1
  }
  const walk = async (): Promise<void> => {
    for (let person = people.pop(); person !== undefined; person = people.pop()) {
      for (const prepared of person) {
        const sent = performance.now()
        const { status, text } = await post(prepared)
        latencies.push(performance.now() - sent)
        if (status === 200) report.answered += 1
        else report.notAnswered += 1
        if (status === 200 && report.answered % SAMPLE === 0) check(prepared, text)
      }
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: order.connections }, walk))
  const seconds = (performance.now() - started) / 1000
  agent.destroy()
  latencies.sort((left, right) => left - right)
  const quantile = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return { ...report, seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
}

process.on('message', (order: LoadOrder) => {
  void run(order).then((report) => process.send?.(report))
})
process.on('disconnect', () => process.exit(0))

import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createDevice, type Device } from '../../src/cli/simulator/device.ts'
import { eventually } from './eventually.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const APP_SECRET = 'test-app-secret'
const API_TOKEN = 'test-api-token'
const SECRET = 'test-flowgate-secret'
export const HUBSPOT_TOKEN = 'test-hubspot-token'
export const SLACK_TOKEN = 'xoxb-test'
/** What a command needs to know of such a gateway. */
export const COMMAND_ENV = {
  META_APP_SECRET: APP_SECRET,
  FLOW_PRIVATE_KEY: keys.privateKey,
  FLOWGATE_API_TOKEN: API_TOKEN,
  FLOWGATE_SECRET: SECRET,
}

/**
 * A copy of the shipped configuration whose destinations are impatient, so that a vendor that hangs costs few seconds, and
 * unlimited, so that a burst of a hundred messages into one channel does not take minutes.
 */
export interface TestConfiguration extends AsyncDisposable {
  readonly folder: string
}

export async function testConfiguration(): Promise<TestConfiguration> {
  const folder = await mkdtemp(join(tmpdir(), 'flowgate-config-'))
  await cp(join(root, 'config', 'flows'), join(folder, 'flows'), { recursive: true })
  const destinations = `destinations:
  hubspot:
    plugin: hubspot
    config: { access_token: "\${HUBSPOT_ACCESS_TOKEN}", base_url: "\${HUBSPOT_BASE_URL}" }
    answer_within_ms: 2500
    budget: { all: unlimited }
  slack-sales:
    plugin: slack
    config: { bot_token: "\${SLACK_BOT_TOKEN}", channel: C0SALES, api_url: "\${SLACK_API_URL}" }
    answer_within_ms: 2500
    budget: { "post:C0SALES": unlimited }
`
  await writeFile(join(folder, 'destinations.yaml'), destinations)
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

export interface GatewayOptions {
  readonly databaseUrl: string
  readonly configFolder: string
  readonly role: 'web' | 'worker' | 'all'
  readonly hubspotUrl: string
  readonly slackApiUrl: string
  /** Further variables of its environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** A real gateway in a process of its own. Disposing ends it at once, as a kill would. */
export interface GatewayProcess extends AsyncDisposable {
  readonly url: string
  readonly process: ChildProcess
  /** Its log lines so far. */
  readonly lines: readonly string[]
  readonly lead: Device
  /** A phone with this flow open. */
  deviceFor(flow: string): Device
  /** Resolves with exit code or signal once the process is gone. */
  readonly ended: Promise<number | NodeJS.Signals>
}

export async function startGatewayProcess(options: GatewayOptions): Promise<GatewayProcess> {
  const child = spawn(process.execPath, ['src/main.ts', 'start', '--role', options.role], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: options.databaseUrl,
      FLOWGATE_CONFIG: options.configFolder,
      META_APP_SECRET: APP_SECRET,
      FLOW_PRIVATE_KEY: keys.privateKey,
      FLOWGATE_SECRET: SECRET,
      FLOWGATE_API_TOKEN: API_TOKEN,
      HUBSPOT_ACCESS_TOKEN: HUBSPOT_TOKEN,
      HUBSPOT_BASE_URL: options.hubspotUrl,
      SLACK_BOT_TOKEN: SLACK_TOKEN,
      SLACK_API_URL: options.slackApiUrl,
      FLOWGATE_RATE_LIMIT: 'off',
      HOST: '127.0.0.1',
      PORT: '0',
      ...options.env,
    },
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => lines.push(line))
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals)
  const url = await eventually(
    async () => {
      if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}:\n${lines.join('\n')}`)
      const started = lines.find((line) => line.includes('gateway.started'))
      const at: string | undefined = started && JSON.parse(started).url
      return at !== undefined && (await fetch(`${at}/readyz`)).ok && at
    },
    { withinMs: 60_000 },
  ).catch((error: unknown) => {
    // Else it would outlive the test, and keep it from ending.
    child.kill('SIGKILL')
    throw error
  })
  const deviceFor = (flow: string): Device =>
    createDevice({ url: `${url}/flows/${flow}`, publicKey: keys.publicKey, appSecret: APP_SECRET })
  return {
    url,
    process: child,
    lines,
    ended,
    lead: deviceFor('lead-gen'),
    deviceFor,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type HubspotStandIn, startHubspotStandIn } from '../stand-ins/hubspot.ts'
import { type SlackStandIn, startSlack } from '../stand-ins/slack.ts'
import { type DemoGateway, startDemoGateway } from './demo-gateway.ts'

export const CONFIG = fileURLToPath(new URL('../../config', import.meta.url))

/** The channel that `config/destinations.yaml` names. */
export const CHANNEL = 'C0123'

/** Everything the demo stands on. Disposing of it stops every process and removes every file. */
export interface World extends AsyncDisposable {
  readonly hubspot: HubspotStandIn
  /** What the HubSpot stand-in lets in. */
  readonly hubspotToken: string
  readonly slack: SlackStandIn
  readonly gateway: DemoGateway
  readonly publicKey: KeyObject
  readonly appSecret: string
  readonly apiToken: string
}

/** Starts the stand-ins, then a gateway with an embedded database in a temporary folder. */
export async function startWorld(): Promise<World> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const [hubspotToken, slackToken, appSecret, apiToken, secret] = secrets()
  await using pieces = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'flowgate-demo-'))
  pieces.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  // The database runs as an unprivileged user where this process is root, and must be able to enter.
  await chmod(folder, 0o755)
  const hubspot = pieces.use(await startHubspotStandIn({ token: hubspotToken }))
  const slack = pieces.use(await startSlack({ token: slackToken, channels: [CHANNEL] }))
  const gateway = await startDemoGateway({
    folder,
    env: {
      FLOWGATE_CONFIG: CONFIG,
      META_APP_SECRET: appSecret,
      FLOW_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      FLOWGATE_API_TOKEN: apiToken,
      FLOWGATE_SECRET: secret,
      HUBSPOT_ACCESS_TOKEN: hubspotToken,
      HUBSPOT_BASE_URL: hubspot.url,
      SLACK_BOT_TOKEN: slackToken,
      SLACK_API_URL: slack.apiUrl,
    },
  })
  pieces.defer(async () => {
    await gateway.stop()
  })
  const kept = pieces.move()
  const known = { hubspot, hubspotToken, slack, gateway, publicKey, appSecret, apiToken }
  return { ...known, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

function secrets(): [string, string, string, string, string] {
  const secret = () => randomBytes(16).toString('hex')
  return [secret(), secret(), secret(), secret(), secret()]
}

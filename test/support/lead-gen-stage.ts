import pg from 'pg'
import { type HubspotStandIn, startHubspotStandIn } from '../stand-ins/hubspot.ts'
import { type SlackStandIn, startSlack } from '../stand-ins/slack.ts'
import { testDatabase } from './database.ts'
import {
  type GatewayProcess,
  HUBSPOT_TOKEN,
  SLACK_TOKEN,
  startGatewayProcess,
  testConfiguration,
} from './gateway-process.ts'
import type { Lead } from './lead.ts'

/** What a person left behind at the vendors. */
export interface Traces {
  readonly contacts: number
  readonly deals: number
  readonly messages: number
}

/** Both vendors, one database and as many gateways as a test starts, all with the shipped `lead-gen` flow. */
export interface LeadGenStage extends AsyncDisposable {
  readonly hubspot: HubspotStandIn
  readonly slack: SlackStandIn
  start(role: 'web' | 'worker' | 'all'): Promise<GatewayProcess>
  traces(person: Lead): Traces
  /** The first column of the first row. */
  count(sql: string): Promise<number>
}

export async function leadGenStage(): Promise<LeadGenStage> {
  const database = await testDatabase()
  const configuration = await testConfiguration()
  const hubspot = await startHubspotStandIn({ token: HUBSPOT_TOKEN })
  const slack = await startSlack({ token: SLACK_TOKEN, channels: ['C0SALES'] })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const gateways: GatewayProcess[] = []
  return {
    hubspot,
    slack,
    async start(role) {
      const gateway = await startGatewayProcess({
        databaseUrl: database.url,
        configFolder: configuration.folder,
        role,
        hubspotUrl: hubspot.url,
        slackApiUrl: slack.apiUrl,
      })
      gateways.push(gateway)
      return gateway
    },
    traces: (person) => ({
      contacts: hubspot.contacts().filter(({ properties }) => properties['email'] === person.email).length,
      deals: hubspot.deals().filter(({ properties }) => properties['dealname']?.startsWith(`${person.name}:`)).length,
      messages: slack.workspace
        .messages('C0SALES')
        .filter((message) => new RegExp(`\\b${person.name}\\b`, 'u').test(JSON.stringify(message))).length,
    }),
    async count(sql) {
      const { rows } = await client.query<{ n: number }>(`select (${sql})::int as n`)
      return rows[0]?.n ?? -1
    },
    async [Symbol.asyncDispose]() {
      for (const gateway of gateways) await gateway[Symbol.asyncDispose]()
      await client.end()
      await slack[Symbol.asyncDispose]()
      await hubspot.close()
      await configuration[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

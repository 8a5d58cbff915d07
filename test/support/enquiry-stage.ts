import pg from 'pg'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { type SlackStandIn, startSlack } from '../stand-ins/slack.ts'
import { testDatabase } from './database.ts'
import { type Enquirer, enquiryConfiguration } from './enquiry-configuration.ts'
import { COMMAND_ENV, type GatewayProcess, SLACK_TOKEN, startGatewayProcess } from './gateway-process.ts'

/** Where enquiries go: what stands in destinations.yaml, and the environment it reads. */
export interface EnquiryPlan {
  readonly destinations: Readonly<Record<string, JsonObject>>
  readonly env: Readonly<Record<string, string>>
  /** By the flow's name. */
  readonly mappings: Readonly<Record<string, MappingFile>>
}

/** Slack, one database and as many gateways as a test starts, with flows of enquiries. */
export interface EnquiryStage extends AsyncDisposable {
  readonly slack: SlackStandIn
  /** For commands on the same database and configuration. */
  readonly env: Readonly<Record<string, string>>
  start(role: 'web' | 'worker' | 'all'): Promise<GatewayProcess>
  /** Kills every gateway as `kill -9` does. */
  killAll(): Promise<void>
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** Messages in the channel of sales that name this person, as JSON. */
  messages(person: Pick<Enquirer, 'name'>): readonly string[]
  /** Deliveries that are not delivered, with what became of them, for people who look for the reason. */
  undelivered(): Promise<readonly string[]>
}

/** Of the channel that sales reads, for `to` of notifications. */
export const SALES = 'sales'
const CHANNEL = 'C0SALES'

/** Starts Slack and a database, and writes the configuration. A destination may take five seconds to answer. */
export async function enquiryStage({ destinations, env, mappings }: EnquiryPlan): Promise<EnquiryStage> {
  const database = await testDatabase()
  const slack = await startSlack({ token: SLACK_TOKEN, channels: [CHANNEL] })
  const sales = { bot_token: `\${SLACK_BOT_TOKEN}`, channel: CHANNEL, api_url: `\${SLACK_API_URL}` }
  const patient = { answer_within_ms: 5_000 }
  const unlimited = { [`post:${CHANNEL}`]: 'unlimited' }
  const all = { ...destinations, [SALES]: { plugin: 'slack', config: sales, budget: unlimited } }
  const configuration = await enquiryConfiguration(
    Object.fromEntries(Object.entries(all).map(([name, destination]) => [name, { ...patient, ...destination }])),
    mappings,
  )
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const gateways: GatewayProcess[] = []
  const start = async (role: 'web' | 'worker' | 'all') => {
    const gateway = await startGatewayProcess({
      databaseUrl: database.url,
      configFolder: configuration.folder,
      role,
      hubspotUrl: slack.standIn.url,
      slackApiUrl: slack.apiUrl,
      env,
    })
    gateways.push(gateway)
    return gateway
  }
  const killAll = async () => {
    for (const gateway of gateways.splice(0)) await gateway[Symbol.asyncDispose]()
  }
  const query: EnquiryStage['query'] = async (sql, values = []) => (await client.query(sql, [...values])).rows
  return {
    slack,
    env: {
      ...COMMAND_ENV,
      ...env,
      DATABASE_URL: database.url,
      FLOWGATE_CONFIG: configuration.folder,
      SLACK_BOT_TOKEN: SLACK_TOKEN,
      SLACK_API_URL: slack.apiUrl,
    },
    start,
    killAll,
    query,
    messages: ({ name }) =>
      slack.workspace
        .messages(CHANNEL)
        .map((message) => JSON.stringify(message))
        .filter((message) => new RegExp(`\\b${name}\\b`, 'u').test(message)),
    async undelivered() {
      const rows = await query<{ what: string }>(
        `select concat_ws(' ', s.form->>'full_name', d.item, d.state, d.failure->>'code', d.failure->>'message') as what
         from deliveries d join submissions s on s.id = d.submission_id where d.state <> 'delivered' order by 1`,
      )
      return rows.map(({ what }) => what)
    },
    async [Symbol.asyncDispose]() {
      await killAll()
      await client.end()
      await slack[Symbol.asyncDispose]()
      await configuration[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

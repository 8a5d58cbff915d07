import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import type { Device } from '../../src/cli/simulator/device.ts'
import { readPlaybook } from '../../src/cli/simulator/playbook.ts'
import { simulate } from '../../src/cli/simulator/simulate.ts'
import { createTokenDesk } from '../../src/cli/simulator/token-desk.ts'
import { transcript } from '../../src/cli/simulator/transcript.ts'
import { run } from '../cli/terminal.ts'
import { type HubspotStandIn, startHubspotStandIn } from '../stand-ins/hubspot.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import {
  COMMAND_ENV,
  type GatewayProcess,
  HUBSPOT_TOKEN,
  SLACK_TOKEN,
  startGatewayProcess,
} from '../support/gateway-process.ts'

const CONFIG = 'config/examples'
const FLOWS = readdirSync(`${CONFIG}/flows`).sort()

let database: TestDatabase
let calendar: TestDatabase
let hubspot: HubspotStandIn
let gateway: GatewayProcess

before(async () => {
  database = await testDatabase()
  calendar = await testDatabase()
  const client = new pg.Client({ connectionString: calendar.url })
  await client.connect()
  await client.query(await readFile(`${CONFIG}/database/appointments.sql`, 'utf8'))
  await client.end()
  hubspot = await startHubspotStandIn({ token: HUBSPOT_TOKEN })
  gateway = await start()
})

after(async () => {
  await gateway[Symbol.asyncDispose]()
  await hubspot.close()
  await calendar[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

function start(): Promise<GatewayProcess> {
  return startGatewayProcess({
    databaseUrl: database.url,
    configFolder: CONFIG,
    role: 'web',
    hubspotUrl: hubspot.url,
    slackApiUrl: hubspot.url,
    env: { SLACK_BOT_TOKEN: SLACK_TOKEN, BOOKING_DATABASE_URL: calendar.url },
  })
}

/** A phone for which the gateway is ended and begun again whenever it opens a form that it had open before. */
function phoneBetweenRestarts(flow: string, restarts: { count: number }): Device {
  const opened = new Set<unknown>()
  return {
    async exchange(payload, interference) {
      const token = payload['flow_token']
      if (payload['action'] === 'INIT' && opened.has(token)) {
        await gateway[Symbol.asyncDispose]()
        gateway = await start()
        restarts.count += 1
      }
      opened.add(token)
      return gateway.deviceFor(flow).exchange(payload, interference)
    },
  }
}

describe('the example flows', () => {
  test('are the six that are promised', () => {
    assert.deepEqual(FLOWS, [
      'book-appointment',
      'insurance-quote',
      'lead-qualification',
      'loan-offer',
      'personalised-offer',
      'survey',
    ])
  })

  for (const flow of FLOWS) {
    test(`${flow}: every path is walked against a running gateway, back from every screen included`, async () => {
      const argv = ['simulate', flow, '--config', CONFIG, '--url', `${gateway.url}/flows/${flow}`]
      const ran = await run([...argv, '--path', 'happy,back,double-tap'], COMMAND_ENV)
      assert.equal(ran.code, 0, ran.out + ran.err)
      assert.match(ran.out, /\d+ checks passed/u)
    })

    test(`${flow}: a form left half-way goes on after the gateway was killed`, async () => {
      const restarts = { count: 0 }
      const desk = createTokenDesk(`${gateway.url}/flows/${flow}`, flow, COMMAND_ENV.FLOWGATE_API_TOKEN)
      const playbook = readPlaybook(`${CONFIG}/flows`, flow, {})
      const [walk] = playbook.walks.filter(({ straight, skipped }) => straight !== false && skipped === undefined)
      assert.ok(walk, 'no test of this flow can be left half-way')
      const verdicts = await simulate({
        device: phoneBetweenRestarts(flow, restarts),
        flow: playbook.flow,
        walks: [walk],
        paths: ['resume'],
        tokenFor: (one) => desk(one),
      })
      assert.deepEqual(
        verdicts.flatMap(({ findings }) => findings),
        [],
        verdicts.map(transcript).join('\n'),
      )
      assert.ok(restarts.count > 0, 'the form was never opened again')
    })
  }
})

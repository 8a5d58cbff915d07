import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Pool } from 'pg'
import { createAlerts } from '../../src/alert/alerts.ts'
import { countAlerts } from '../../src/analytics/count-alerts.ts'
import { createMetrics } from '../../src/analytics/metrics.ts'
import { createAlertAside } from '../../src/receive/alert-aside.ts'
import { tellEdge } from '../../src/receive/tell-edge.ts'
import { tellExchange } from '../../src/receive/tell-exchange.ts'
import { createPool } from '../../src/store/pool.ts'
import { testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { flowOf, leadFlowFile, leadFlowJson } from '../support/flow.ts'
import { keptLog } from '../support/log.ts'

let database: TestDatabase
let pool: Pool
const { log, lines } = keptLog()
const alerts = createAlerts(testClock())

before(async () => {
  database = await testDatabase()
  pool = createPool({ url: database.url, max: 2, name: 'test' })
})

after(async () => {
  await pool.end()
  await database[Symbol.asyncDispose]()
})

async function openAlert(condition: string): Promise<{ title: string; text: string; count: number }> {
  const { rows } = await pool.query(
    'select title, text, count from alerts where condition = $1 and closed_at is null',
    [condition],
  )
  assert.equal(rows.length, 1)
  return rows[0]
}

describe('an operator', () => {
  test('is told once of an answer that breaks the Flow JSON, with the key and what to do', async () => {
    const tell = tellExchange({ log, metrics: createMetrics(), alert: createAlertAside({ pool, log, alerts }) })
    const faults = [{ path: 'count', message: 'must be text', place: 'flows/lead/flow.yaml:12:7' }]
    tell.rejected({ flow: 'lead', requestId: 'req_1', screen: 'FIRST', faults })
    tell.rejected({ flow: 'lead', requestId: 'req_2', screen: 'FIRST', faults })
    const alert = await eventually(async () => {
      const found = await openAlert('answer.rejected:lead:FIRST')
      return found.count === 2 && found
    })
    assert.match(alert.title, /screen FIRST/u)
    assert.match(alert.text, /flows\/lead\/flow\.yaml:12:7: data\.count must be text.*flowgate check/su)
  })

  test('is told once of a version that is not configured, however many people have it', async () => {
    const tell = tellExchange({ log, metrics: createMetrics(), alert: createAlertAside({ pool, log, alerts }) })
    for (let index = 0; index < 100; index += 1) tell.unknownVersion({ flow: 'lead', requestId: 'req', version: '99' })
    const alert = await eventually(() => openAlert('version.unknown:lead'))
    assert.match(alert.text, /"99".*lead@99/su)
  })

  test('is told of an answer that phones could not use, and not of what is no fault of ours', async () => {
    const flows = new Map([['lead', { flow: flowOf(leadFlowFile, leadFlowJson) }]])
    const tell = tellEdge({ flows: () => flows, alert: createAlertAside({ pool, log, alerts }) })
    const noticed = (key: string, screen = 'NEEDS') =>
      tell({ kind: 'error-notified', flow: 'lead', requestId: 'req_3', notification: { key, screen } })
    noticed('timeout-error')
    tell({ kind: 'flow-unknown', flow: 'other', requestId: 'req_4' })
    noticed('payload-schema-error')
    const alert = await eventually(() => openAlert('answer.rejected:lead:NEEDS'))
    assert.equal(alert.count, 1)
    assert.match(alert.text, /payload-schema-error/u)
    for (const madeUp of ['A', 'B', '__proto__']) noticed('payload-schema-error', madeUp)
    assert.ok(await eventually(() => openAlert('answer.rejected:lead:unknown')))
  })

  test('finds the open alerts counted by severity', async () => {
    const metrics = createMetrics()
    await countAlerts(pool, metrics)
    const figures = await metrics.registry.metrics()
    assert.match(figures, /flowgate_open_alerts\{severity="error"\} 4/u)
    assert.match(figures, /flowgate_open_alerts\{severity="warning"\} 0/u)
  })

  test('reads of submissions, repeats, refusals and trouble in the log, and finds them counted', async () => {
    const metrics = createMetrics()
    const tell = tellExchange({ log, metrics, alert: createAlertAside({ pool, log, alerts }) })
    const at = { flow: 'lead', requestId: 'req_5' }
    const occasion = 'submitted' as const
    tell.submitted({ ...at, submissionId: 'sub_1', repeat: false, occasion })
    tell.submitted({ ...at, submissionId: 'sub_1', repeat: true, occasion })
    tell.submitted({ ...at, submissionId: 'sub_2', repeat: false, occasion: 'handed_over' })
    tell.unavailable({ ...at, screen: 'CONTACT', asks: ['slots'] })
    tell.resumed({ ...at, seconds: 1_900 })
    tell.refused({ ...at, screen: 'CONTACT', fields: ['email'] })
    tell.remarked({ ...at, screen: 'CONTACT', remarks: ['cut'] })
    tell.incomplete({ ...at, screen: 'DONE', fields: ['full_name'] })
    tell.expired(at)
    tell.failed({ ...at, error: new Error('database away') })
    const events = lines.map((line) => JSON.parse(line).event)
    for (const event of [
      'submission.accepted',
      'submission.repeated',
      'answers.refused',
      'answer.remarked',
      'form.incomplete',
      'token.expired',
      'person.handed_over',
      'ask.unanswered',
      'session.resumed',
    ]) {
      assert.ok(events.includes(event), event)
    }
    assert.ok(events.includes('exchange.apologised'))
    const figures = await metrics.registry.metrics()
    assert.match(figures, /flowgate_submissions_total\{flow="lead"\} 1/u)
    assert.match(figures, /flowgate_repeats_total\{flow="lead"\} 1/u)
    assert.match(figures, /flowgate_hand_overs_total\{flow="lead"\} 1/u)
    assert.match(figures, /flowgate_sessions_resumed_total\{flow="lead"\} 1/u)
  })
})

import { fileURLToPath } from 'node:url'
import type { Pool } from 'pg'
import { type Alerts, createAlerts } from '../../src/alert/alerts.ts'
import type { Configuration, ConfiguredFlow, DestinationSettings, FlowVersion } from '../../src/config/configuration.ts'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import { attemptDelivery, type JobResult } from '../../src/deliver/attempt.ts'
import type { Attempted, Delivering } from '../../src/deliver/delivering.ts'
import { createMappings } from '../../src/deliver/mappings.ts'
import { createSweeper } from '../../src/deliver/sweeper.ts'
import { newId } from '../../src/id.ts'
import { identityOf, personKey } from '../../src/map/identity.ts'
import type { Mapping } from '../../src/map/model.ts'
import { plan } from '../../src/map/plan.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { type Delivery, readDelivery } from '../../src/store/deliveries.ts'
import { saveMapping } from '../../src/store/mappings.ts'
import { createPool } from '../../src/store/pool.ts'
import { createQueue } from '../../src/store/queue.ts'
import { insertSubmissions, type NewDelivery, type Submission } from '../../src/store/submissions.ts'
import { type TestClock, testClock } from '../support/clock.ts'
import { testDatabase } from '../support/database.ts'
import { flowOf, leadFlowFile, leadFlowJson, leadMappingFile, mappingOf } from '../support/flow.ts'
import { keptLog } from '../support/log.ts'
import { ScriptedVendor } from './scripted-vendor.ts'

const flow = flowOf(leadFlowFile, leadFlowJson)
/** Where the stand-ins of vendors are. */
export const allowHosts = [{ kind: 'range', address: '127.0.0.1', bits: 32 }] as const
export const pluginFolder = fileURLToPath(new URL('./plugins', import.meta.url))
const ana: JsonObject = { full_name: 'Ana Lima', email: 'ana@acme.com' }

/** Everything that delivers, on a database of its own, with two vendors in this process and a clock that the test moves. */
export interface DeliveryStage extends AsyncDisposable {
  readonly url: string
  readonly pool: Pool
  readonly clock: TestClock
  readonly delivering: Delivering
  readonly alerts: Alerts
  readonly crm: ScriptedVendor
  readonly chat: ScriptedVendor
  readonly lines: readonly string[]
  readonly attempted: readonly Attempted[]
  /** Takes part in no session: stores a submission and its deliveries as acceptance does. Gives each delivery's id by its item. */
  submit(form?: JsonObject, mapping?: Mapping, of?: Origin): Promise<Readonly<Record<string, string>>>
  /** Does what a worker does with a job. */
  attempt(deliveryId: string | undefined): Promise<JobResult>
  /** Makes the clock show when a delivery is next due, then attempts it. */
  attemptWhenDue(deliveryId: string | undefined): Promise<JobResult>
  delivery(deliveryId: string | undefined): Promise<Delivery>
  sweep(): Promise<void>
  /** Puts another configuration in force. */
  configure(changes: StageChanges): void
  jobs(deliveryId: string | undefined): Promise<number>
}

/** What a submission came of, where that is not a form finished in the newest version by nobody known. */
export type Origin = Partial<Pick<Submission, 'version' | 'occasion' | 'person'>>

export interface StageChanges {
  readonly destinations?: Readonly<Record<string, Partial<DestinationSettings>>>
  readonly mapping?: MappingFile
  /** Mappings of older versions of the flow, by the version. */
  readonly older?: Readonly<Record<string, MappingFile>>
  readonly alertsTo?: string
}

export async function deliveryStage(changes: StageChanges = {}): Promise<DeliveryStage> {
  const database = await testDatabase()
  const pool = createPool({ url: database.url, max: 8, name: 'test' })
  const clock = testClock(new Date())
  const { log, lines } = keptLog()
  const queue = await createQueue({ url: database.url, log, mode: 'send' })
  const [crm, chat] = [new ScriptedVendor('crm'), new ScriptedVendor('chat')]
  const settings = { crm: { config: { vendor: crm } }, chat: { config: { vendor: chat } } }
  let inForce = configurationOf(settings, changes)
  const configuration = () => inForce
  const registry = createRegistry({ configuration, configurationFolder: pluginFolder, allowHosts, log, clock })
  const alerts = createAlerts(clock)
  const attempted: Attempted[] = []
  const delivering: Delivering = {
    pool,
    queue,
    registry,
    mappings: createMappings(),
    configuration,
    alerts,
    clock,
    log,
    worker: 'prc_test',
    random: () => 0.5,
    onAttempted: (one) => attempted.push(one),
  }
  const sweeper = createSweeper(delivering, new AbortController().signal)
  const going = new AbortController().signal
  const attempt = (id: string | undefined) => attemptDelivery(delivering, known(id), going)
  const delivery = async (id: string | undefined) => {
    const found = await readDelivery(pool, known(id))
    if (found === undefined) throw new Error(`no delivery ${id}`)
    return found
  }
  return {
    url: database.url,
    pool,
    clock,
    delivering,
    alerts,
    crm,
    chat,
    lines,
    attempted,
    submit: (form = ana, mapping = mappingOf(leadMappingFile), of = {}) => submit(delivering, form, mapping, of),
    attempt,
    async attemptWhenDue(id) {
      const { nextAttemptAt } = await delivery(id)
      clock.advance(Math.max(0, (nextAttemptAt?.getTime() ?? 0) - clock.now().getTime()))
      return await attempt(id)
    },
    delivery,
    async sweep() {
      // Hints carry the time: two at the very same time would be one.
      clock.advance(1)
      await sweeper.sweep()
      await sweeper.askPaused()
    },
    configure(further) {
      inForce = configurationOf(settings, further)
    },
    async jobs(id) {
      const { rows } = await pool.query<{ n: number }>(
        `select count(*) as n from pgboss.job where data->>'deliveryId' = $1 and state < 'active'`,
        [known(id)],
      )
      return rows[0]?.n ?? 0
    },
    async [Symbol.asyncDispose]() {
      await registry.close()
      await queue.stop({ withinMs: 1_000 })
      await pool.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

function known(id: string | undefined): string {
  if (id === undefined) throw new Error('no such item in the mapping')
  return id
}

/** A configuration of the lead flow, with destinations whose plugins lie beside this file. */
export function configurationOf(
  settings: Readonly<Record<string, Partial<DestinationSettings>>>,
  { destinations = {}, mapping = leadMappingFile, older = {}, alertsTo }: StageChanges = {},
): Configuration {
  const newest: FlowVersion = { flow, mapping: mappingOf(mapping), tests: [] }
  const others = Object.entries(older).map(([version, file]): [string, FlowVersion] => {
    const title = `${flow.title}, version ${version}`
    return [version, { flow: { ...flow, version, title }, mapping: mappingOf(file), tests: [] }]
  })
  const versions = new Map([[flow.version, newest], ...others])
  const flows = new Map<string, ConfiguredFlow>([['lead', { ...newest, versions }]])
  const names = new Set([...Object.keys(settings), ...Object.keys(destinations)])
  const all = [...names].map((name): [string, DestinationSettings] => [
    name,
    {
      name,
      plugin: `./${name}`,
      config: {},
      atOnce: 4,
      answerWithinMs: 10_000,
      onUnknown: 'resend_marked',
      ...settings[name],
      ...destinations[name],
    },
  ])
  return { flows, destinations: new Map(all), sources: new Map(), alertsTo, advice: [] }
}

let submissions = 0

async function submit(
  { pool, queue, clock }: Pick<Delivering, 'pool' | 'queue' | 'clock'>,
  form: JsonObject,
  mapping: Mapping,
  { version = flow.version, occasion = 'submitted', person = {} }: Origin,
): Promise<Readonly<Record<string, string>>> {
  const now = clock.now()
  submissions += 1
  await saveMapping(pool, { hash: mapping.hash, flow: flow.name, content: mapping.content }, now)
  const submissionId = newId('sub', now)
  // Ana's form stands for anybody's: only a submission with a person of its own is one of a certain person.
  const identity = identityOf(mapping, { person, form: {} })
  const deliveries = plan(mapping, occasion).map(
    ({ lateAfterSeconds, ...planned }): NewDelivery => ({
      ...planned,
      id: newId('dlv', now),
      submissionId,
      mappingHash: mapping.hash,
      personKey: identity === undefined || planned.kind !== 'record' ? undefined : personKey(identity),
      lateAt: lateAfterSeconds === undefined ? undefined : new Date(now.getTime() + lateAfterSeconds * 1_000),
      createdAt: now,
    }),
  )
  const submission = {
    id: submissionId,
    flow: flow.name,
    version,
    occasion,
    variant: undefined,
    sessionId: undefined,
    key: `key-${submissions}`,
    possibleRepeat: false,
    form,
    person,
    session: {},
    answer: { screen: 'SUCCESS', data: {} },
    mappingHash: mapping.hash,
    requestId: newId('req', now),
    acceptedAt: now,
  }
  await insertSubmissions(pool, [submission], deliveries)
  const due = deliveries.filter(({ waitsFor }) => waitsFor.length === 0)
  await queue.send(
    due.map(({ id, destination }) => ({ deliveryId: id, destination, hintedAt: now })),
    pool,
  )
  return Object.fromEntries(deliveries.map(({ id, item }) => [item, id]))
}

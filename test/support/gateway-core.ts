import type { Pool } from 'pg'
import type { Clock } from '../../src/clock.ts'
import type { Asking, Reservation } from '../../src/flow/asking.ts'
import type { Flow } from '../../src/flow/model.ts'
import type { Mapping } from '../../src/map/model.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { createAnswerExchange, type FlowInUse } from '../../src/receive/answer-exchange.ts'
import type { ExchangeEvents } from '../../src/receive/exchange-events.ts'
import type { AnswerExchange, ExchangeReply } from '../../src/receive/ports.ts'
import { saveMapping } from '../../src/store/mappings.ts'
import { createPool } from '../../src/store/pool.ts'
import { createQueue } from '../../src/store/queue.ts'
import { createAccept } from '../../src/submit/accept.ts'
import { keptLog } from './log.ts'
import { QUIET } from './world.ts'

/** The heart of a web process on a real database, without its HTTP edge. Two of them on one database are two processes. */
export interface GatewayCore extends AsyncDisposable {
  readonly pool: Pool
  readonly answerExchange: AnswerExchange
  /** Event names as they came, with their fields. */
  readonly events: { readonly name: string; readonly event: JsonObject }[]
  ask(payload: JsonObject, options?: { readonly limited?: boolean }): Promise<ExchangeReply>
}

export const SECRET = 'test-flowgate-secret'

export async function startGatewayCore(options: {
  readonly url: string
  readonly clock: Clock
  readonly flow: Flow
  readonly mapping?: Mapping
  /** Older versions that are alive beside the flow. */
  readonly older?: readonly FlowInUse[]
  /** How exchanges ask sources. Left out: no source can answer. */
  readonly asking?: () => Asking
  readonly giveBack?: (reservation: Reservation) => Promise<unknown>
}): Promise<GatewayCore> {
  const { url, clock, flow, mapping, older = [] } = options
  const pool = createPool({ url, max: 8, name: 'core' })
  const queue = await createQueue({ url, log: keptLog().log, mode: 'send' })
  const live: readonly FlowInUse[] = [...older, { flow, mapping }]
  for (const each of live) {
    if (each.mapping === undefined) continue
    const { hash, content } = each.mapping
    await saveMapping(pool, { hash, flow: flow.name, content }, clock.now())
  }
  const events: { name: string; event: JsonObject }[] = []
  const hear = (name: string) => (event: object) => void events.push({ name, event: event as JsonObject })
  const heard: ExchangeEvents = {
    submitted: hear('submitted'),
    refused: hear('refused'),
    rejected: hear('rejected'),
    incomplete: hear('incomplete'),
    remarked: hear('remarked'),
    unavailable: hear('unavailable'),
    unknownVersion: hear('unknownVersion'),
    resumed: hear('resumed'),
    expired: hear('expired'),
    failed: hear('failed'),
  }
  const versions = new Map(live.map((each) => [each.flow.version, each]))
  const flows = new Map([[flow.name, { flow, mapping, versions }]])
  const answerExchange = createAnswerExchange({
    pool,
    flows: () => flows,
    accept: createAccept({ pool, queue }),
    asking: options.asking ?? (() => QUIET.asking),
    giveBack: options.giveBack ?? (() => Promise.resolve()),
    events: heard,
    secret: SECRET,
  })
  let requests = 0
  return {
    pool,
    answerExchange,
    events,
    ask(payload, { limited = false } = {}) {
      requests += 1
      return answerExchange({
        flow: flow.name,
        payload,
        requestId: `req_${requests}`,
        receivedAt: clock.now(),
        limited,
      })
    },
    async [Symbol.asyncDispose]() {
      await queue.stop({ withinMs: 1000 })
      await pool.end()
    },
  }
}

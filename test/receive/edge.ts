import { createMetrics, type Metrics } from '../../src/analytics/metrics.ts'
import { createLog } from '../../src/log.ts'
import { stop } from '../../src/receive/drain.ts'
import type { EdgeEvent } from '../../src/receive/event.ts'
import { loadPrivateKeys } from '../../src/receive/keys.ts'
import type { ApiOptions, EndpointOptions, FlowAtTheEdge, ReadyCheck } from '../../src/receive/options.ts'
import type { ExchangeRequest } from '../../src/receive/ports.ts'
import { createServer, type ServerTimeouts } from '../../src/receive/server.ts'
import { type TestClock, testClock } from '../support/clock.ts'
import { flowOf, leadFlowFile, leadFlowJson } from '../support/flow.ts'
import { appSecret, pemNamed } from './vectors.ts'

export interface Edge extends AsyncDisposable {
  /** Of the server, without a path. */
  readonly url: string
  /** Of its flow `lead`. */
  readonly flowUrl: string
  readonly metrics: Metrics
  readonly clock: TestClock
  /** What the server logged, one parsed line each. */
  readonly lines: readonly Record<string, unknown>[]
  readonly events: readonly EdgeEvent[]
  /** What reached the flow. */
  readonly asked: readonly ExchangeRequest[]
  stop(withinMs?: number): Promise<void>
}

export interface EdgeSettings {
  readonly endpoint?: Partial<EndpointOptions>
  readonly api?: ApiOptions
  readonly ready?: ReadonlyMap<string, ReadyCheck>
  readonly timeouts?: ServerTimeouts
  readonly clock?: TestClock
  readonly worker?: boolean
  /** Keeps neither log lines nor events, for tests that send very much. */
  readonly quiet?: boolean
}

const { messages } = flowOf(
  { ...leadFlowFile, messages: { expired: 'This form is no longer available.' } },
  leadFlowJson,
)

const testFlows: ReadonlyMap<string, FlowAtTheEdge> = new Map([
  ['lead', { flow: { messages, expiredBody: 'sealed' } }],
  ['plain', { flow: { messages, expiredBody: 'plain' } }],
])

const keys = loadPrivateKeys([{ label: 'test', pem: pemNamed('private_key.pem') }])

/** A server of the gateway on a port of its own, whose flow `lead` answers every exchange with screen `NEXT`. */
export async function startEdge(settings: EdgeSettings = {}): Promise<Edge> {
  const clock = settings.clock ?? testClock()
  const metrics = createMetrics()
  const lines: Record<string, unknown>[] = []
  const events: EdgeEvent[] = []
  const asked: ExchangeRequest[] = []
  const endpoint: EndpointOptions = {
    secrets: [appSecret],
    keys,
    flows: () => testFlows,
    answerExchange: async (request) => {
      asked.push(request)
      return { status: 200, plaintext: { screen: 'NEXT', data: { limited: request.limited } }, sealed: true }
    },
    ...(settings.quiet === true ? {} : { onEvent: (event) => events.push(event) }),
    ...settings.endpoint,
  }
  const app = await createServer(
    {
      log: createLog({
        level: settings.quiet === true ? 'silent' : 'debug',
        destination: { write: (line) => void lines.push(JSON.parse(line)) },
      }),
      clock,
      metrics,
      ready: settings.ready ?? new Map(),
      ...(settings.worker === true ? {} : { endpoint }),
      ...(settings.api === undefined ? {} : { api: settings.api }),
    },
    settings.timeouts,
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    flowUrl: `${url}/flows/lead`,
    metrics,
    clock,
    lines,
    events,
    asked,
    stop: (withinMs = 5_000) => stop(app, { withinMs, leaveTimeMs: 0 }),
    [Symbol.asyncDispose]: () => stop(app, { withinMs: 0, leaveTimeMs: 0 }),
  }
}

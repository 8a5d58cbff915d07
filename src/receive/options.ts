import type { Metrics } from '../analytics/metrics.ts'
import type { Clock } from '../clock.ts'
import type { Flow } from '../flow/model.ts'
import type { Log } from '../log.ts'
import type { JsonObject } from '../plugin/json.ts'
import type { EdgeEvent } from './event.ts'
import type { HandOverRoutesOptions } from './hand-over-routes.ts'
import type { PrivateKey } from './keys.ts'
import type { AnswerExchange } from './ports.ts'
import type { RateLimiter } from './rate-limiter.ts'
import type { MintToken } from './token-request.ts'

/** What an HTTP server of the gateway is made of. Without `endpoint` and `api` it serves health and metrics alone, as a worker's does. */
export interface ServerOptions {
  readonly log: Log
  readonly clock: Clock
  readonly metrics: Metrics
  /** What must hold before `/readyz` says yes, by the name an operator reads. A check that rejects counts as no. */
  readonly ready: ReadonlyMap<string, ReadyCheck>
  /** Shown by `/health` beside the checks: version, role and the like; nothing personal, no secret. */
  readonly summary?: () => JsonObject
  readonly endpoint?: EndpointOptions
  readonly api?: ApiOptions
}

export type ReadyCheck = () => boolean | Promise<boolean>

export interface EndpointOptions {
  /** App secrets of the Meta app connected to the flows, several during a rotation. At least one, none empty. */
  readonly secrets: readonly string[]
  readonly keys: readonly PrivateKey[]
  /** The flows of the configuration in force at this moment, by name. */
  readonly flows: () => ReadonlyMap<string, FlowAtTheEdge>
  readonly answerExchange: AnswerExchange
  /** Absent where the operator switched limits off. */
  readonly rateLimiter?: RateLimiter
  /** Hears what an operator may want an alert for. Called once per occurrence; what it throws is logged and changes no answer. */
  readonly onEvent?: (event: EdgeEvent) => void
}

/** What the edge itself needs to know of a configured flow, for a 427 of its own. */
export interface FlowAtTheEdge {
  readonly flow: Pick<Flow, 'messages' | 'expiredBody'>
}

export interface ApiOptions {
  /** `FLOWGATE_API_TOKEN`. Unset: every path of the API answers 403 and says how to switch it on. */
  readonly token: string | undefined
  readonly mintToken: MintToken
  /** Absent: the paths for hand-overs do not exist. */
  readonly handOvers?: HandOverRoutesOptions
}

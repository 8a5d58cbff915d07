import type { JsonObject } from '../plugin/json.ts'

/** An opened, signed request that asks for a screen: INIT, BACK, data_exchange or an action nobody knows. */
export interface ExchangeRequest {
  /** The flow's name in the URL; known to be configured. */
  readonly flow: string
  /** The decrypted request as Meta sends it: action, screen, data, flow_token, version. Its letters are sound, nothing else is checked. */
  readonly payload: JsonObject
  readonly requestId: string
  readonly receivedAt: Date
  /** Over the rate limit: nothing may move, the person stays on the screen with a snackbar. */
  readonly limited: boolean
}

/** What to send back. `sealed: false` only for a 427 whose flow asks for a plain body. */
export interface ExchangeReply {
  readonly status: 200 | 427
  readonly plaintext: JsonObject
  readonly sealed: boolean
}

export type AnswerExchange = (request: ExchangeRequest) => Promise<ExchangeReply>

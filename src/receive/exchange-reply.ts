import type { FlowRequest } from '../flow/request.ts'
import { type ScreenAnswer, SUCCESS } from '../flow/session.ts'
import type { JsonObject } from '../plugin/json.ts'
import type { ExchangeReply } from './ports.ts'

/** The answer as it goes out: `version` echoed, and in a final answer always this request's own token. */
export function sealed(request: FlowRequest, { screen, data }: ScreenAnswer): ExchangeReply {
  const own = screen === SUCCESS ? withToken(data, request.flowToken) : data
  const version = request.version === undefined ? {} : { version: request.version }
  return { status: 200, plaintext: { ...version, screen, data: own }, sealed: true }
}

function withToken(data: JsonObject, flowToken: string): JsonObject {
  const response = data['extension_message_response'] as { readonly params: JsonObject } | undefined
  return { ...data, extension_message_response: { params: { ...response?.params, flow_token: flowToken } } }
}

/** Meta gives up after 10 s and counts against the flow's standing long before; an apology in time is the better answer. */
const ANSWER_WITHIN_MS = 4_000

/** The answer, or a rejection once it is late. What was begun goes on: pressing again finds what it came to. */
export async function inTime(answer: Promise<ExchangeReply>): Promise<ExchangeReply> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)), ANSWER_WITHIN_MS)
  try {
    return await Promise.race([answer, promise])
  } finally {
    clearTimeout(timer)
  }
}

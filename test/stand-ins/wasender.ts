import { type StandIn, startStandIn } from 'flowgate/plugin/testing'

/** The key of the one session there is. */
export const sessionKey = 'wasender-key-4711'

/** A message that was taken. */
export interface TakenMessage {
  readonly msgId: number
  readonly to: string
  readonly text: string
}

/** WASenderApi as far as texts go: it knows no idempotency key and cannot be asked for what it took. */
export interface Wasender extends AsyncDisposable {
  readonly standIn: StandIn
  readonly messages: readonly TakenMessage[]
}

/**
 * Starts one. Address, fields and reply are those of https://wasenderapi.com/api-docs/messages/send-text-message (as of
 * November 2026): `to` is a number in E.164 or the id of a group.
 */
export async function startWasender(): Promise<Wasender> {
  const messages: TakenMessage[] = []
  const standIn = await startStandIn({
    routes: {
      'GET /api': ({ headers }) =>
        knows(headers.authorization) ? { status: 404, body: {} } : { status: 401, body: {} },
      'POST /api/send-message': ({ headers, body }) => {
        if (!knows(headers.authorization)) return { status: 401, body: { success: false, message: 'Invalid API key' } }
        const { to, text } = body as { readonly to?: unknown; readonly text?: unknown }
        const sound = typeof to === 'string' && /^(?:\+[1-9]\d{6,14}|[\d-]+@g\.us)$/u.test(to)
        if (!sound || typeof text !== 'string' || text === '' || text.startsWith('refuse')) {
          return { status: 422, body: { success: false, message: `The text ${text} is invalid.` } }
        }
        const msgId = 100_000 + messages.length
        messages.push({ msgId, to, text })
        return { status: 200, body: { success: true, data: { msgId, jid: to, status: 'in_progress' } } }
      },
    },
  })
  return { standIn, messages, [Symbol.asyncDispose]: () => standIn.close() }
}

function knows(authorization: string | undefined): boolean {
  return authorization === `Bearer ${sessionKey}`
}

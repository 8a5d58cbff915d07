import { createHmac } from 'node:crypto'
import type { JsonObject } from 'flowgate/plugin'
import { type StandIn, type StandInRequest, startStandIn } from 'flowgate/plugin/testing'

/** An event that was taken, once for each id. */
export interface TakenEvent {
  readonly id: string
  readonly body: JsonObject
}

/** A receiver as Standard Webhooks wants it: it checks signature and time, and takes each id once. */
export interface Receiver extends AsyncDisposable {
  readonly standIn: StandIn
  readonly url: string
  readonly events: readonly TakenEvent[]
}

const TOLERANCE_SECONDS = 300

/** Starts one that knows one secret. `now`: its clock. */
export async function startReceiver(secret: string, now: () => Date = () => new Date()): Promise<Receiver> {
  const events: TakenEvent[] = []
  const standIn = await startStandIn({
    routes: {
      'GET /hooks/*': (request) => ({ status: isSigned(request, secret, now()) ? 405 : 401 }),
      'POST /hooks/*': (request) => {
        if (!isSigned(request, secret, now())) return { status: 401, body: { error: 'bad signature' } }
        const id = String(request.headers['webhook-id'])
        const body = request.body as JsonObject
        if (JSON.stringify(body).includes('refuse'))
          return { status: 422, body: { error: `no ${JSON.stringify(body)}` } }
        if (events.every((event) => event.id !== id)) events.push({ id, body })
        return { status: 204 }
      },
    },
  })
  return { standIn, url: `${standIn.url}/hooks/flowgate`, events, [Symbol.asyncDispose]: () => standIn.close() }
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#verifying-webhook-authenticity */
export function isSigned(
  { headers, bytes }: Pick<StandInRequest, 'headers' | 'bytes'>,
  secret: string,
  now: Date,
): boolean {
  const at = Number(headers['webhook-timestamp'])
  if (!(Math.abs(now.getTime() / 1000 - at) <= TOLERANCE_SECONDS)) return false
  const key = Buffer.from(secret.replace(/^whsec_/u, ''), 'base64')
  const mac = createHmac('sha256', key).update(`${headers['webhook-id']}.${at}.`).update(bytes).digest('base64')
  return String(headers['webhook-signature']).split(' ').includes(`v1,${mac}`)
}

/** A secret of 32 bytes, all of them this one. */
export function secretOf(byte: number): string {
  return `whsec_${Buffer.alloc(32, byte).toString('base64')}`
}

import { type Call, type Failure, FailureError, type Health } from 'flowgate/plugin'
import type { WhatsappConfig } from './config.ts'
import { numberUrl } from './deliver.ts'
import { failureOfReply } from './failure.ts'
import { ask, errorCodeOf, objectOf } from './graph-reply.ts'

/** States of a number in which nothing is sent from it. */
const stopped: ReadonlySet<string> = new Set(['BANNED', 'DELETED', 'DISCONNECTED', 'MIGRATED', 'RESTRICTED'])

/** Asks Meta for the number that alerts come from. Sends nothing; whether the template is approved cannot be seen from there. */
export async function health(config: WhatsappConfig, now: Date, call: Call): Promise<Health> {
  const headers = { authorization: `Bearer ${config.access_token}` }
  try {
    const url = `${numberUrl(config)}?fields=display_phone_number,verified_name,status`
    const reply = await ask(url, { headers, signal: call.signal })
    if (reply.status !== 200 || errorCodeOf(reply) !== undefined)
      return { ok: false, failure: failureOfReply(reply, false, now) }
    const { display_phone_number: number, verified_name: name, status } = objectOf(reply.body) ?? {}
    if (typeof number !== 'string') return { ok: false, failure: unreadable }
    if (typeof status === 'string' && stopped.has(status)) return { ok: false, failure: notSending(status) }
    return { ok: true, account: typeof name === 'string' ? `${name} (${number})` : number }
  } catch (error) {
    if (error instanceof FailureError) return { ok: false, failure: error.failure }
    throw error
  }
}

const unreadable: Failure = {
  kind: 'permanent',
  scope: 'destination',
  code: 'FG_WHATSAPP_ADDRESS',
  message: 'What answers is not the Graph API: check api_url and any proxy.',
}

function notSending(status: string): Failure {
  const message = `Nothing can be sent from the number: Meta says it is ${status}. Look into WhatsApp Manager.`
  return { kind: 'permanent', scope: 'destination', code: 'FG_WHATSAPP_ACCOUNT', message }
}

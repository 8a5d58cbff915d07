import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../plugin/json.ts'
import { type Device, type Exchanged, type Interference, NoAnswer } from './device.ts'
import type { Finding, Verdict } from './finding.ts'
import { summarise } from './summary.ts'

/** Checks of the envelope and the signature: they reach no screen and leave nothing behind. */
export type WireCheck = 'ping' | 'error-notice' | 'tamper' | 'wrong-key' | 'bad-signature'

export const WIRE_CHECKS: readonly WireCheck[] = ['ping', 'error-notice', 'tamper', 'wrong-key', 'bad-signature']

interface Knock {
  readonly title: string
  readonly payload: JsonObject
  readonly interference?: Interference
  /** The status Meta's reference asks for, and what the opened answer must hold under `data`. */
  readonly status: number
  readonly data?: JsonObject
}

const PING = { version: '3.0', action: 'ping' }

/** Plays one check against the gateway. A gateway that answers too late is found wrong; one that is not there throws. */
export async function playWireCheck(check: WireCheck, device: Device): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  for (const knock of knocksFor(check)) verdicts.push(await play(check, knock, device))
  return verdicts
}

function knocksFor(check: WireCheck): readonly Knock[] {
  switch (check) {
    case 'ping':
      return [{ title: 'a health check is answered', payload: PING, status: 200, data: { status: 'active' } }]
    case 'error-notice':
      return [{ title: 'an error notification is acknowledged', payload: errorNotice(), ...acknowledged }]
    case 'tamper':
      return [{ title: 'a request with one flipped bit', payload: PING, interference: 'tampered', status: 421 }]
    case 'wrong-key':
      return [{ title: 'a request sealed for another key', payload: PING, interference: 'wrong-key', status: 421 }]
    case 'bad-signature':
      return [
        { title: 'a wrong signature', payload: PING, interference: 'wrong-signature', status: 432 },
        { title: 'a signature cut short', payload: PING, interference: 'short-signature', status: 432 },
        { title: 'no signature', payload: PING, interference: 'no-signature', status: 432 },
      ]
  }
}

const acknowledged = { status: 200, data: { acknowledged: true } } as const

function errorNotice(): JsonObject {
  return {
    version: '3.0',
    action: 'data_exchange',
    screen: '',
    flow_token: `simulated-${randomUUID()}`,
    data: { error: 'payload-schema-error', error_message: 'Played by the simulator.' },
  }
}

async function play(check: WireCheck, knock: Knock, device: Device): Promise<Verdict> {
  const asked = { arrow: '→', text: knock.title } as const
  try {
    const exchanged = await device.exchange(knock.payload, knock.interference)
    const text = `HTTP ${exchanged.status}  ${summarise(exchanged.answer ?? {})}`.trim()
    const lines = [asked, { arrow: '←', text, ms: exchanged.ms } as const]
    return { check, title: knock.title, findings: judge(knock, exchanged), lines }
  } catch (error) {
    if (!(error instanceof NoAnswer && error.late)) throw error
    const findings: Finding[] = [{ kind: 'no-answer', message: error.message }]
    return { check, title: knock.title, findings, lines: [asked] }
  }
}

function judge(knock: Knock, { status, answer, fault }: Exchanged): readonly Finding[] {
  if (status !== knock.status) {
    return [{ kind: 'http-status', message: `answered HTTP ${status}; Meta's reference asks for ${knock.status}` }]
  }
  if (!knock.data) return []
  if (!answer) return [{ kind: 'unopened', message: fault ?? 'the answer is empty' }]
  const data = answer['data']
  const wrong = Object.entries(knock.data).filter(([key, value]) => !isRecord(data) || data[key] !== value)
  return wrong.map(([key, value]) => ({ kind: 'shape', message: `the answer lacks data.${key} = ${value}` }))
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

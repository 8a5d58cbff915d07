import { createPublicKey } from 'node:crypto'
import { createDevice, NoAnswer } from '../simulator/device.ts'
import { type Examined, fine, wrong } from './finding.ts'

const PING = { version: '3.0', action: 'ping' }

/** Knocks at a flow's public address as Meta does: a sealed health check, then one with a wrong signature. */
export async function examineEndpoint(url: string, publicPem: string, appSecret: string): Promise<readonly Examined[]> {
  const device = createDevice({ url, publicKey: createPublicKey(publicPem), appSecret })
  try {
    const ping = await device.exchange(PING)
    const forged = await device.exchange(PING, 'wrong-signature')
    return [judgePing(url, ping.status, ping.fault, ping.ms), judgeForged(forged.status)]
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    const cure = 'Check the address, the certificate, and that the proxy passes POST on to the gateway.'
    return [wrong('endpoint', 'FG_DOCTOR_UNREACHABLE', `${error.message} ${cure}`)]
  }
}

function judgePing(url: string, status: number, fault: string | undefined, ms: number): Examined {
  if (status === 200 && fault === undefined) {
    return fine('endpoint', `a sealed health check was answered in ${Math.round(ms)} ms`)
  }
  return wrong('endpoint', 'FG_DOCTOR_PING', `${url}: ${reasonFor(status, fault)}`)
}

function reasonFor(status: number, fault: string | undefined): string {
  switch (status) {
    case 200:
      return `${fault ?? 'the answer is empty'}. Whatever answers there is not a Flowgate, or a proxy changes the body.`
    case 421:
      return 'the gateway there cannot open what is sealed for this key (421). It has another FLOW_PRIVATE_KEY.'
    case 432:
      return 'the gateway there refuses the signature (432). It has another META_APP_SECRET, or a proxy changes the body.'
    case 404:
      return 'there is no such flow (404). Compare the last part of the address with the names of your flows.'
    default:
      return `answered HTTP ${status}. Look for it in the logs of the gateway and of the proxy before it.`
  }
}

function judgeForged(status: number): Examined {
  if (status === 432) return fine('endpoint', 'a wrong signature is refused with 432')
  const cure = 'Anyone could post there: make sure that it is your gateway and that nothing in front of it answers.'
  return wrong('endpoint', 'FG_DOCTOR_SIGNATURE', `A wrong signature was answered HTTP ${status}, not 432. ${cure}`)
}

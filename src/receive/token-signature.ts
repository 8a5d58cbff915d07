import { createHash, timingSafeEqual } from 'node:crypto'
import type { Json } from '../plugin/json.ts'
import { isMacOfAny } from './signature.ts'

/** Longer than any real one (they carry little beyond the token); a bound for what strangers make us hash. */
const LONGEST = 8192

/**
 * Whether `flow_token_signature` proves this flow token: a JWT with `alg` HS256 under one of the app secrets whose
 * `flow_token` claim is the token (Meta's endpoint guide, data API 4.0). Absent or empty proves nothing and refutes
 * nothing: it is sent only by newer clients, so it counts as yes. Other claims are not documented and not judged.
 */
export function isTokenGenuine(
  signature: Json | undefined,
  flowToken: Json | undefined,
  secrets: readonly string[],
): boolean {
  if (signature === undefined || signature === null || signature === '') return true
  if (typeof signature !== 'string' || signature.length > LONGEST || typeof flowToken !== 'string') return false
  const [header = '', claims = '', mac = '', ...more] = signature.split('.')
  if (more.length > 0 || readPart(header, 'alg') !== 'HS256') return false
  if (!/^[A-Za-z0-9_-]{43}$/.test(mac)) return false
  if (!isMacOfAny(`${header}.${claims}`, Buffer.from(mac, 'base64url'), secrets)) return false
  const claim = readPart(claims, 'flow_token')
  return typeof claim === 'string' && timingSafeEqual(digest(claim), digest(flowToken))
}

/** One member of a JWT's header or claims; `undefined` where that part is not a JSON object in base64url. */
function readPart(part: string, member: string): unknown {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && Object.hasOwn(value, member)
      ? Reflect.get(value, member)
      : undefined
  } catch {
    return undefined
  }
}

/** Equal lengths for the comparison, whatever the token's length. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { UnansweredError } from './exchange.ts'
import type { Credentials } from './settings.ts'

/** Salesforce takes no assertion that lives longer than five minutes, and lets clocks differ by some seconds. */
const LIVES_SECONDS = 180

/** What the JWT bearer flow signs in with (RFC 7523): who signs in, to whom, until when, signed with RS256. */
export function assertionOf(credentials: Extract<Credentials, { grant: 'jwt' }>, now: Date): string {
  const header = encoded({ alg: 'RS256', typ: 'JWT' })
  const { clientId: iss, username: sub, audience: aud } = credentials
  const claims = encoded({ iss, sub, aud, exp: Math.floor(now.getTime() / 1000) + LIVES_SECONDS })
  const signature = sign('sha256', Buffer.from(`${header}.${claims}`), privateKey(credentials.privateKey))
  return `${header}.${claims}.${signature.toString('base64url')}`
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

/** A key from an environment variable often has its line breaks written as `\n`. The error of `crypto` would tell of the key. */
function privateKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem.replaceAll('\\n', '\n'))
    if (key.asymmetricKeyType === 'rsa') return key
  } catch {}
  throw new UnansweredError('unsendable', 'private_key is no RSA key in PEM form')
}

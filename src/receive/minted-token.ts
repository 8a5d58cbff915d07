import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const PREFIX = 'fg1.'

/** A new token of ours: `fg1.<128 random bits>.<128 bits of HMAC-SHA256>`, 49 characters, unpredictable. */
export function signToken(secret: string): string {
  const id = randomBytes(16).toString('base64url')
  return `${PREFIX}${id}.${sealOf(id, secret)}`
}

/** Whether a token claims to be of ours. */
export function claimsToBeMinted(token: string): boolean {
  return token.startsWith(PREFIX)
}

/** Whether a token that claims to be of ours was signed with this secret. Constant time, and no database is asked. */
export function isSignedBy(token: string, secret: string): boolean {
  const [id = '', seal = ''] = token.slice(PREFIX.length).split('.')
  const expected = Buffer.from(sealOf(id, secret))
  const given = Buffer.from(seal)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function sealOf(id: string, secret: string): string {
  return createHmac('sha256', secret).update(PREFIX).update(id).digest().subarray(0, 16).toString('base64url')
}

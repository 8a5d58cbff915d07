import { verify } from 'node:crypto'
import type { StandInAnswer, StandInRequest } from 'flowgate/plugin/testing'
import { signInRefused } from './salesforce-answers.ts'

const LIVES_AT_MOST_SECONDS = 300

/** Who may sign in. */
export interface KnownClient {
  readonly clientId: string
  readonly clientSecret: string
  /** For the JWT bearer flow: who signs in, and the public key (PEM) the app knows. */
  readonly username?: string
  readonly publicKey?: string
}

/** Checks a request to the token endpoint. `undefined`: let it in. */
export function refusalOfSignIn(
  client: KnownClient,
  request: StandInRequest,
  audience: string,
): StandInAnswer | undefined {
  const form = isForm(request.body) ? request.body : {}
  if (form['grant_type'] === 'client_credentials') {
    if (form['client_id'] !== client.clientId) return signInRefused('invalid_client_id', 'client identifier invalid')
    if (form['client_secret'] !== client.clientSecret)
      return signInRefused('invalid_client', 'invalid client credentials')
    return undefined
  }
  if (form['grant_type'] === 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
    return refusalOfAssertion(client, form['assertion'] ?? '', audience)
  }
  return signInRefused('unsupported_grant_type', 'grant type not supported')
}

function refusalOfAssertion(client: KnownClient, assertion: string, audience: string): StandInAnswer | undefined {
  const [header = '', claims = '', signature = ''] = assertion.split('.')
  const { publicKey = '' } = client
  const signed = verify('sha256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url'))
  if (!signed || part(header)['alg'] !== 'RS256') return signInRefused('invalid_grant', 'invalid assertion')
  const { iss, sub, aud, exp } = part(claims)
  const lives = Number(exp) - Date.now() / 1000
  if (!(lives > 0 && lives <= LIVES_AT_MOST_SECONDS))
    return signInRefused('invalid_grant', 'expired authorization code')
  if (aud !== audience) return signInRefused('invalid_grant', 'audience is invalid')
  if (iss !== client.clientId) return signInRefused('invalid_client_id', 'client identifier invalid')
  if (sub !== client.username) return signInRefused('invalid_grant', `user ${sub} hasn't approved this consumer`)
  return undefined
}

function part(encoded: string): Record<string, unknown> {
  const read: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'))
  return typeof read === 'object' && read !== null ? { ...read } : {}
}

function isForm(body: unknown): body is Record<string, string> {
  return typeof body === 'object' && body !== null
}

import type { Walk } from './simulate.ts'

/** The gateway's API made no token. The message says what it answered. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused'
}

/**
 * Asks a gateway's own API (`POST /api/v1/tokens`) for a token that says of the person what the walk says of them; with
 * `token` that one is bound to them, else the gateway makes one. `flowUrl` is a flow's URL on that gateway. Rejects with a
 * TokenRefused.
 */
export function createTokenDesk(
  flowUrl: string,
  flow: string,
  apiToken: string,
): (walk: Walk, token?: string) => Promise<string> {
  const url = new URL('/api/v1/tokens', flowUrl)
  return async ({ about = {} }, token) => {
    const { person = {}, source = {}, prefill = {}, language, version } = about
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ flow, person, source, prefill, language, version, token }),
      signal: AbortSignal.timeout(10_000),
    })
    const body: unknown = await response.json().catch(() => undefined)
    if (response.status === 201 && typeof body === 'object' && body !== null && 'token' in body)
      return String(body.token)
    throw new TokenRefused(`${url.href} made no token: HTTP ${response.status}`)
  }
}

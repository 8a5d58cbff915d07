import { type Failure, FailureError, type ObtainedToken, type PluginContext } from 'flowgate/plugin'
import { classify } from '../failure.ts'
import type { HubspotSettings } from '../settings.ts'
import { exchange } from './exchange.ts'
import { pathIn, TOKEN_PATH } from './paths.ts'
import { ProblemError } from './problem.ts'

/** One exchange of a refresh token for an access token. */
const OBTAIN_WITHIN_MS = 10_000

/** What requests are authorised with. Rejects with FailureErrors. */
export interface Access {
  token(signal: AbortSignal): Promise<string>
  /** Another token than the one that HubSpot has just refused; `undefined` where there is none to be had. */
  renewed(refused: string, signal: AbortSignal): Promise<string | undefined>
}

/** A token as it stands in the settings, or tokens that an installed app gets and all processes share. */
export function accessOf(settings: HubspotSettings, context: PluginContext): Access {
  const { credentials } = settings
  if (credentials.kind === 'token')
    return { token: async () => credentials.accessToken, renewed: async () => undefined }
  const { clientId, clientSecret, refreshToken } = credentials
  const url = `${settings.baseUrl}${pathIn(settings.api, TOKEN_PATH)}`
  const obtain = async (kept: ObtainedToken | undefined, signal: AbortSignal): Promise<ObtainedToken> => {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: kept?.refreshToken ?? refreshToken,
    })
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }
    try {
      const request = { method: 'POST', url, headers, body: form.toString() }
      return readToken(await exchange(request, { signal, withinMs: OBTAIN_WITHIN_MS }), context.now())
    } catch (error) {
      throw asFailure(error)
    }
  }
  const ask = async (signal: AbortSignal, stale?: string) => {
    const name = await nameOf(url, clientId, refreshToken)
    return (await context.accessToken({ name, stale, signal, obtain })).accessToken
  }
  return { token: (signal) => ask(signal), renewed: (refused, signal) => ask(signal, refused) }
}

/** A hash: other credentials are other tokens, also when an operator replaces them while old ones are kept. */
async function nameOf(...parts: readonly string[]): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(parts.join('\n')))
  return `oauth-${Buffer.from(hash).toString('hex').slice(0, 32)}`
}

/** HubSpot documents the answer in both spellings. */
function readToken(text: string, now: Date): ObtainedToken {
  const answer: Record<string, unknown> = { ...Object(JSON.parse(text)) }
  const [accessToken, refreshToken, seconds] = [
    answer['access_token'] ?? answer['accessToken'],
    answer['refresh_token'] ?? answer['refreshToken'],
    Number(answer['expires_in'] ?? answer['expiresIn']),
  ]
  if (typeof accessToken !== 'string' || accessToken === '') {
    const message =
      'What answers for access tokens at `base_url` is not HubSpot. Correct it and resume the destination.'
    throw new FailureError({ kind: 'permanent', scope: 'destination', code: 'FG_HUBSPOT_ADDRESS', message })
  }
  return {
    accessToken,
    ...(typeof refreshToken === 'string' && refreshToken !== '' ? { refreshToken } : {}),
    ...(seconds > 0 ? { expiresAt: new Date(now.getTime() + seconds * 1000) } : {}),
  }
}

/** Any refusal here is of the app or of its refresh token, whatever the status says. */
function asFailure(error: unknown): unknown {
  const failure = error instanceof ProblemError ? refusalOf(error) : classify(error)
  return failure === undefined ? error : new FailureError(failure, { cause: error })
}

function refusalOf(error: ProblemError): Failure | undefined {
  const { badHub, status, word } = error.problem
  if (badHub || ![400, 401, 403].includes(status)) return classify(error)
  const told = [`HTTP ${status}`, word].filter((part) => part !== undefined).join(', ')
  return {
    kind: 'permanent',
    scope: 'destination',
    code: 'FG_HUBSPOT_OAUTH',
    message: `HubSpot gives no access token for \`oauth\` (${told}). Check the client ID and secret, install the app again, set the new refresh token and resume the destination.`,
  }
}

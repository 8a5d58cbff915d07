import { type Call, FailureError, type Json, type ObtainedToken, type PluginContext } from 'flowgate/plugin'
import { basicCredentials, type Oauth2Config } from './auth.ts'
import { type Codes, commonFailure, stops, unavailable } from './failure.ts'

/** What tokens are obtained with. */
export interface TokenLine {
  readonly oauth2: Oauth2Config
  readonly codes: Codes
  readonly context: Pick<PluginContext, 'fetch' | 'now' | 'accessToken'>
}

/** The access token in force, or a newer one than `stale`. Rejects with a FailureError where there is none. */
export async function tokenFor(line: TokenLine, call: Call, stale?: string): Promise<string> {
  const { accessToken } = await line.context.accessToken({
    name: await nameOf(line.oauth2),
    stale,
    signal: call.signal,
    obtain: (kept, signal) => obtain(line, kept, signal),
  })
  return accessToken
}

/** Other credentials are another token: a corrected secret is not kept waiting for the old one to run out. */
async function nameOf({ token_url, client_id, client_secret, refresh_token, scope }: Oauth2Config): Promise<string> {
  const text = JSON.stringify([token_url, client_id, client_secret, refresh_token ?? '', scope ?? ''])
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return `oauth2 ${Buffer.from(digest).toString('hex').slice(0, 32)}`
}

/** RFC 6749, 4.4 (client credentials) and 6 (refresh). */
async function obtain(
  { oauth2, codes, context }: TokenLine,
  kept: ObtainedToken | undefined,
  signal: AbortSignal,
): Promise<ObtainedToken> {
  const { host } = new URL(oauth2.token_url)
  const refreshToken = oauth2.refresh_token === undefined ? undefined : (kept?.refreshToken ?? oauth2.refresh_token)
  const inBody = oauth2.client_auth !== 'basic'
  const form = new URLSearchParams({
    ...(refreshToken === undefined
      ? { grant_type: 'client_credentials' }
      : { grant_type: 'refresh_token', refresh_token: refreshToken }),
    ...(oauth2.scope === undefined ? {} : { scope: oauth2.scope }),
    ...(inBody ? { client_id: oauth2.client_id, client_secret: oauth2.client_secret } : {}),
  })
  const headers = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    ...(inBody
      ? {}
      : {
          // RFC 6749, 2.3.1: both are form-encoded first.
          authorization: basicCredentials(
            encodeURIComponent(oauth2.client_id),
            encodeURIComponent(oauth2.client_secret),
          ),
        }),
  }
  const reply = await ask(context, oauth2.token_url, { method: 'POST', headers, body: form.toString(), signal }, codes)
  if (!reply.ok) {
    const common = commonFailure(reply.status, reply.headers, { codes, host, now: context.now() })
    const why = `${host} gives out no token (${reply.status}): correct \`auth\`, or obtain a new refresh token.`
    throw common ?? stops(codes.credentials, why)
  }
  return tokenOf(await reply.text(), refreshToken, context.now(), () =>
    unavailable(codes.reply, `The reply of ${host} holds no access_token: check \`token_url\`.`),
  )
}

async function ask(context: TokenLine['context'], url: string, init: RequestInit, codes: Codes): Promise<Response> {
  try {
    return await context.fetch(url, init)
  } catch (error) {
    if (error instanceof FailureError) throw error
    throw unavailable(
      codes.unavailable,
      `${new URL(url).host} cannot be reached for a token, or did not answer in time.`,
      error,
    )
  }
}

function tokenOf(text: string, refreshToken: string | undefined, now: Date, none: () => FailureError): ObtainedToken {
  const reply = parsed(text)
  if (typeof reply !== 'object' || reply === null) throw none()
  const { access_token, expires_in, refresh_token } = reply as Partial<Record<string, Json>>
  if (typeof access_token !== 'string' || access_token === '') throw none()
  const seconds = Number(expires_in)
  const renewed = typeof refresh_token === 'string' && refresh_token !== '' ? refresh_token : refreshToken
  return {
    accessToken: access_token,
    ...(refreshToken === undefined || renewed === undefined ? {} : { refreshToken: renewed }),
    ...(seconds > 0 ? { expiresAt: new Date(now.getTime() + seconds * 1000) } : {}),
  }
}

/** The parser's error would quote the reply, which holds a token. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

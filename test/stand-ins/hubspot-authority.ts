import { randomUUID } from 'node:crypto'
import type { StandInAnswer, StandInRequest } from 'flowgate/plugin/testing'
import { errorAnswer, missingScopes, unauthorized } from './hubspot-answers.ts'

/** An app that is installed in the account. */
export interface InstalledApp {
  readonly clientId: string
  readonly clientSecret: string
  readonly refreshToken: string
}

/** Who is let in: one token that does not end, and the tokens that an installed app was given. */
export class HubspotAuthority {
  #token: string
  readonly #app: InstalledApp | undefined
  readonly #scopes: readonly string[] | undefined
  #refreshToken: string | undefined
  #deleted = false
  readonly #issued = new Set<string>()

  constructor(token: string, app: InstalledApp | undefined, scopes: readonly string[] | undefined) {
    this.#token = token
    this.#app = app
    this.#refreshToken = app?.refreshToken
    this.#scopes = scopes
  }

  /** From now on only this token is accepted. */
  acceptOnly(token: string): void {
    this.#token = token
    this.#issued.clear()
  }

  /** The access tokens given so far are over; the refresh token is not. */
  expireTokens(): void {
    this.#issued.clear()
  }

  /** The app is uninstalled: with `deleted` because the account is gone. */
  uninstall({ deleted }: { readonly deleted: boolean }): void {
    this.#issued.clear()
    this.#refreshToken = undefined
    this.#deleted = deleted
  }

  /** What a request is refused with; nothing where it may pass. */
  refusal(request: StandInRequest): StandInAnswer | undefined {
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    if (token !== this.#token && !this.#issued.has(token)) return unauthorized()
    const needed = scopesFor(request)
    const lacking = this.#scopes === undefined ? [] : needed.filter((scope) => !this.#scopes?.includes(scope))
    return lacking.length === 0 ? undefined : missingScopes(lacking)
  }

  /** `POST /oauth/2026-03/token`: a form, and nothing in the query. */
  token(request: StandInRequest): StandInAnswer {
    const form: Record<string, unknown> = { ...Object(request.body) }
    const type = request.headers['content-type'] ?? ''
    if (!type.startsWith('application/x-www-form-urlencoded') || request.query.size > 0) {
      return errorAnswer(400, 'VALIDATION_ERROR', 'missing or invalid parameters')
    }
    if (this.#deleted) return { status: 400, body: { status: 'BAD_HUB', error: 'access_denied' } }
    if (form['grant_type'] !== 'refresh_token') return refused('BAD_GRANT_TYPE', 'unsupported grant type')
    if (form['client_id'] !== this.#app?.clientId) return refused('BAD_CLIENT_ID', 'missing or invalid client id')
    if (form['client_secret'] !== this.#app?.clientSecret) return refused('BAD_CLIENT_SECRET', 'invalid client secret')
    if (form['refresh_token'] !== this.#refreshToken) {
      return refused('BAD_REFRESH_TOKEN', 'missing or invalid refresh token')
    }
    const token = `access-${randomUUID()}`
    this.#issued.add(token)
    const body = { token_type: 'bearer', access_token: token, refresh_token: this.#refreshToken, expires_in: 1800 }
    return { status: 200, body }
  }
}

function refused(status: string, message: string): StandInAnswer {
  return { status: 400, body: { status, message } }
}

/** What a request needs, as HubSpot's reference names it under each call. */
function scopesFor({ method, path, route = '', parameters }: StandInRequest): readonly string[] {
  if (path.startsWith('/files/')) return ['files']
  if (path.includes('/owners')) return ['crm.objects.owners.read']
  const objects = [parameters['object'], parameters['from'], parameters['to']].filter((name) => name !== undefined)
  const writes = (method !== 'GET' && !path.endsWith('/search')) || method === 'PATCH'
  const area = path.includes('/properties/') && writes ? 'schemas' : 'objects'
  return route === '' ? [] : [...new Set(objects.map((object) => scopeOf(object, area, writes ? 'write' : 'read')))]
}

function scopeOf(object: string, area: string, way: string): string {
  if (object === 'tickets') return 'tickets'
  const scoped = object === 'notes' ? 'contacts' : object
  return `crm.${area}.${scoped}.${way}`
}

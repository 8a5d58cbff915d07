import { createHash } from 'node:crypto'
import type { ObtainedToken, PluginContext } from 'flowgate/plugin'
import jsforce, { type Connection } from 'jsforce'
import { assertionOf } from './assertion.ts'
import { UnansweredError } from './exchange.ts'
import { classify } from './failure.ts'
import { instanceOrigin } from './instance-url.ts'
import { isRecord } from './json-shape.ts'
import { ProblemError } from './problem.ts'
import type { SalesforceSettings } from './settings.ts'
import { CallTransport } from './transport.ts'

const SIGN_IN_WITHIN_MS = 10_000
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Signed in to one org. */
export interface Session {
  readonly accessToken: string
  /** jsforce's connection, made for this token. It has no way to get another: renewing is the session's affair. */
  readonly connection: Connection
  readonly instanceUrl: string
  /** The org answers at another host than that of the sign-in, and may be moved to yet another. */
  readonly movable: boolean
  /** The org's id, where the token reply told it. */
  readonly organization: string | undefined
}

/** Signs in, and keeps what that gave for as long as Salesforce takes it. Shared by all calls of one instance. */
export class Sessions {
  readonly #settings: SalesforceSettings
  readonly #context: PluginContext
  readonly #name: string
  #last: Session | undefined

  constructor(settings: SalesforceSettings, context: PluginContext) {
    this.#settings = settings
    this.#context = context
    this.#name = createHash('sha256')
      .update(JSON.stringify([settings.loginUrl, settings.credentials]))
      .digest('hex')
  }

  /** The session that all processes share, or a new one where the vendor refused the token `stale`. */
  async open(signal: AbortSignal, stale?: string): Promise<Session> {
    const token = await this.#context.accessToken({
      name: this.#name,
      stale,
      signal,
      obtain: (_kept, obtaining) => this.#signIn(obtaining),
    })
    if (this.#last?.accessToken !== token.accessToken) this.#last = this.#sessionOf(token)
    return this.#last
  }

  #sessionOf({ accessToken, about = {} }: ObtainedToken): Session {
    // Kept tokens are checked like new ones: the login URL may have changed since.
    const instanceUrl = this.#instanceOf(about['instance_url'])
    const connection = new jsforce.Connection({
      instanceUrl,
      accessToken,
      version: this.#settings.apiVersion,
      loginUrl: this.#settings.loginUrl,
      // Its debug lines hold addresses, and those the values that records are found by.
      logLevel: 'NONE',
    })
    const organization = typeof about['organization'] === 'string' ? about['organization'] : undefined
    const movable = instanceUrl !== new URL(this.#settings.loginUrl).origin
    return { accessToken, connection, instanceUrl, movable, organization }
  }

  #instanceOf(instanceUrl: unknown): string {
    const origin = instanceOrigin(instanceUrl, this.#settings.loginUrl)
    if (origin === undefined) throw new UnansweredError('instance', 'The token reply leads to a host that is no org')
    return origin
  }

  async #signIn(signal: AbortSignal): Promise<ObtainedToken> {
    const { credentials, loginUrl } = this.#settings
    const secret = credentials.grant === 'jwt' ? {} : { clientSecret: credentials.clientSecret }
    const oauth2 = new jsforce.OAuth2({ loginUrl, clientId: credentials.clientId, ...secret })
    oauth2._transport = new CallTransport({ signal, withinMs: SIGN_IN_WITHIN_MS })
    const grant =
      credentials.grant === 'jwt'
        ? { grant_type: JWT_BEARER, assertion: assertionOf(credentials, this.#context.now()) }
        : { grant_type: 'client_credentials' }
    try {
      return this.#tokenOf(await oauth2.requestToken(grant))
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.oauth !== undefined) throw error
      // In the words of the API, or with a status that says enough.
      const passing = classify(error)?.kind !== 'permanent' && !error.isNoRoute
      if (passing || error.problem.status === 401) throw error
      throw new UnansweredError('not-salesforce', 'The token endpoint does not answer as Salesforce does')
    }
  }

  #tokenOf(reply: unknown): ObtainedToken {
    const { access_token: accessToken, instance_url: instanceUrl, id } = isRecord(reply) ? reply : {}
    if (typeof accessToken !== 'string' || accessToken === '') {
      const empty = isRecord(reply) && Object.keys(reply).length === 0
      // A reply that lost its body says nothing about who gave it.
      throw new UnansweredError(empty ? 'unreadable' : 'not-salesforce', 'The token reply holds no access token')
    }
    const [, organization] = /\/id\/([A-Za-z0-9]{15,18})\//.exec(String(id)) ?? []
    return {
      accessToken,
      // Where it says nothing else, the org answers where it was signed in to.
      about: {
        instance_url: this.#instanceOf(instanceUrl ?? this.#settings.loginUrl),
        ...(organization === undefined ? {} : { organization }),
      },
    }
  }
}

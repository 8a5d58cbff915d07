import type { Pool } from 'pg'
import type { Clock } from '../clock.ts'
import { personKey } from '../flow/person-key.ts'
import { insertToken, revokeToken } from '../store/tokens.ts'
import { signToken } from './minted-token.ts'
import { type MintToken, TokenRefusedError, type TokenRequest } from './token-request.ts'

export interface TokenMint {
  readonly mint: MintToken
  /** `false` where the token is not known or was revoked before. */
  revoke(token: string): Promise<boolean>
}

/** Where no expiry is asked for: Meta advises two to three days (Flows "Best practices"). Seconds. */
const THREE_DAYS = 3 * 24 * 60 * 60

/** Mints and revokes tokens. `secret` is FLOWGATE_SECRET; without it only other senders' tokens can be bound. */
export function createTokenMint(options: {
  readonly pool: Pool
  readonly clock: Clock
  readonly secret: string | undefined
  readonly knowsFlow: (flow: string) => boolean
  /** Names of the fields a flow has in this version, or in any where none is named. Left out where whoever asks has compared them already. */
  readonly fieldsOf?: (flow: string, version: string | undefined) => ReadonlySet<string>
  /** Versions of a flow that are alive. Left out where whoever asks has compared them already. */
  readonly versionsOf?: (flow: string) => readonly string[]
}): TokenMint {
  const { pool, clock, secret, knowsFlow, fieldsOf, versionsOf } = options
  return {
    async mint(order) {
      if (!knowsFlow(order.flow)) {
        throw new TokenRefusedError('FG_TOKEN_FLOW', `there is no flow ${order.flow} in the configuration`)
      }
      if (versionsOf !== undefined) refuseUnknownVersion(order, versionsOf(order.flow))
      if (fieldsOf !== undefined) refuseUnknownFields(order, fieldsOf(order.flow, order.version))
      const createdAt = clock.now()
      const expiresAt = new Date(createdAt.getTime() + (order.expiresInSeconds ?? THREE_DAYS) * 1000)
      const token = order.token === undefined ? minted(secret) : foreign(order.token)
      const stored = await insertToken(pool, {
        token,
        flow: order.flow,
        version: order.version,
        person: order.person,
        personKey: personKey(order.person),
        source: order.source,
        language: order.language,
        prefill: order.prefill,
        createdAt,
        expiresAt,
      })
      if (!stored) throw new TokenRefusedError('FG_TOKEN_KNOWN', 'this token is bound already; use another one')
      return { token, expiresAt }
    },
    revoke: (token) => revokeToken(pool, token, clock.now()),
  }
}

/** Its person would be told that the form is not to be had. */
function refuseUnknownVersion({ flow, version }: TokenRequest, versions: readonly string[]): void {
  if (version === undefined || versions.includes(version)) return
  const message = `flow ${flow} has no version "${version}"; it has ${versions.join(', ')}`
  throw new TokenRefusedError('FG_TOKEN_VERSION', message)
}

/** An answer that no field takes would be kept with the token and never be seen again. */
function refuseUnknownFields({ flow, prefill }: TokenRequest, fields: ReadonlySet<string>): void {
  const unknown = Object.keys(prefill).find((name) => !fields.has(name))
  if (unknown === undefined) return
  const known = fields.size === 0 ? 'it has none' : `it has ${[...fields].join(', ')}`
  throw new TokenRefusedError('FG_TOKEN_PREFILL', `prefill: flow ${flow} has no field "${unknown}"; ${known}`)
}

function minted(secret: string | undefined): string {
  if (secret === undefined) {
    throw new TokenRefusedError(
      'FG_TOKEN_SECRET',
      'FLOWGATE_SECRET is not set; it signs tokens. Set it and start again',
    )
  }
  return signToken(secret)
}

function foreign(token: string): string {
  if (token === 'unused' || token.length < 8 || token.length > 64) {
    throw new TokenRefusedError(
      'FG_TOKEN_INVALID',
      'a token of your own needs 8 to 64 characters that nobody can guess',
    )
  }
  return token
}

import type { JsonObject } from '../plugin/json.ts'

/** A token somebody asks for. Whether the flow, version and prefilled answers exist is for the minter to say. */
export interface TokenRequest {
  readonly flow: string
  /** The flow's version that the message opens; absent: the phone tells. */
  readonly version?: string
  /** Attributes of the person, seen by rules and mappings as `person.*`. */
  readonly person: JsonObject
  /** Where the person comes from: campaign, entry point, referral, utm; checked by whoever took the request. */
  readonly source: JsonObject
  readonly language?: string
  /** Answers the form begins with. */
  readonly prefill: JsonObject
  /** Absent: three days. */
  readonly expiresInSeconds?: number
  /** A token of the sender's own to register instead of one made by us; at most 64 characters. */
  readonly token?: string
}

export interface MintedToken {
  readonly token: string
  readonly expiresAt: Date
}

/** Stores a token and resolves once it is durable. Rejects with `TokenRefusedError` where the request cannot be met. */
export type MintToken = (request: TokenRequest) => Promise<MintedToken>

/** The request for a token cannot be met. The message says what to change and may be shown to whoever asked. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError'
  /** `FG_TOKEN_…`, listed in the error catalogue. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

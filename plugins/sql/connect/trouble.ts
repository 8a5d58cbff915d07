/** What an error of a database means, without a word of the values it was given. */
export interface Trouble {
  readonly kind:
    | 'login'
    | 'rights'
    | 'statement'
    | 'read-only'
    | 'value'
    | 'busy'
    | 'timeout'
    | 'unavailable'
    | 'unreachable'
    | 'crowded'
    | 'tls'
  /** The server's or the system's own code. */
  readonly code: string
  /** The server's own words, where they can quote the statement but not what was bound to it. */
  readonly words?: string | undefined
  /** Where in the statement it is: a character, or a line, from 1. */
  readonly position?: number | undefined
  readonly line?: number | undefined
  /** Names that the server says, of a column or a rule. To be compared with names that are known, and never shown unseen. */
  readonly column?: string | undefined
  readonly constraint?: string | undefined
  /** The function of the database that it happened in, with its line: that of a trigger, as a rule. */
  readonly inside?: string | undefined
}

/** There is no connection, or it broke, and no server said why. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  readonly trouble: Trouble

  constructor(trouble: Trouble) {
    super(`${trouble.kind} (${trouble.code})`)
    this.trouble = trouble
  }
}

/** Codes of Node and OpenSSL (https://nodejs.org/api/tls.html#x509-certificate-error-codes) that no second try cures. */
const CERTIFICATE =
  /^(CERT_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA|HOSTNAME_MISMATCH)/

/** What an error means that a driver threw without the server having said anything. */
export function brokenConnection(error: unknown, known: Partial<Record<string, Trouble['kind']>>): ConnectionError {
  const said = error instanceof Error ? error.message : ''
  const given = error instanceof Error && 'code' in error ? String(error.code) : ''
  const code = /^[A-Z][A-Z0-9_]{2,60}$/.test(given) ? given : 'CONNECTION_BROKEN'
  const kind = known[given] ?? Object.entries(known).find(([words]) => said.includes(words))?.[1]
  return new ConnectionError({ kind: kind ?? (CERTIFICATE.test(code) ? 'tls' : 'unreachable'), code })
}

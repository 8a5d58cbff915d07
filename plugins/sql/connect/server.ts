import { type Dialect, dialectOf } from './dialect.ts'
import type { Tls } from './settings.ts'

/** Where a database is and as whom to ask it. */
export interface Server {
  readonly dialect: Dialect
  readonly host: string
  readonly port: number
  readonly account: string
  readonly password: string
  readonly database: string
  /** What the address itself says about encryption. */
  readonly tls: Tls | undefined
}

/** An address no database can be reached by. The message is a sentence that quotes nothing of it. */
export class AddressError extends Error {
  override readonly name = 'AddressError'
}

const PORTS: Readonly<Record<Dialect, number>> = { postgres: 5432, mysql: 3306 }

/** `sslmode` as https://www.postgresql.org/docs/current/libpq-ssl.html means it, `ssl-mode` as MySQL's programs do. */
const SSL_MODES: Readonly<Record<string, Tls>> = {
  disable: 'off',
  disabled: 'off',
  require: 'unverified',
  required: 'unverified',
  'verify-ca': 'verified',
  verify_ca: 'verified',
  'verify-full': 'verified',
  verify_identity: 'verified',
}

/** Reads a database's address; throws an AddressError. Nothing in it but these parts can change how we connect. */
export function readServer(url: string): Server {
  const dialect = dialectOf(url)
  if (dialect === undefined) throw new AddressError('`url` begins with postgres://, mysql:// or mariadb://.')
  const parsed = URL.parse(url)
  if (parsed === null) {
    throw new AddressError(
      '`url` cannot be read: write special characters of the password as in an address, for example %40 for @ and %23 for #.',
    )
  }
  const host = decoded(parsed.hostname).replace(/^\[(.*)\]$/, '$1')
  const account = decoded(parsed.username)
  const database = decoded(parsed.pathname.replace(/^\//, ''))
  if (host === '' || host.startsWith('/')) throw new AddressError('`url` names no host: sockets are not supported.')
  if (account === '') throw new AddressError('`url` names no account: write postgres://account:password@host/database.')
  if (database === '' || database.includes('/')) {
    throw new AddressError('`url` names no database: write postgres://account:password@host/database.')
  }
  const port = parsed.port === '' ? PORTS[dialect] : Number(parsed.port)
  return { dialect, host, port, account, password: decoded(parsed.password), database, tls: tlsOf(parsed) }
}

function tlsOf({ searchParams, hash }: URL): Tls | undefined {
  if (hash !== '') throw new AddressError('`url` has a #: in a password it is written %23.')
  let tls: Tls | undefined
  for (const [name, value] of searchParams) {
    if (!['sslmode', 'ssl-mode'].includes(name.toLowerCase())) {
      throw new AddressError(
        '`url` has something other than `sslmode` behind its ?: take it out; the settings beside it say the rest.',
      )
    }
    tls = SSL_MODES[value.toLowerCase()]
    if (tls === undefined) {
      throw new AddressError('`url` has an `sslmode` that leaves encryption open: take it out and set `tls` instead.')
    }
  }
  return tls
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new AddressError('`url` has a % that begins no character: write %25 for one in a password.')
  }
}

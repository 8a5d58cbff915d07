import { readFileSync } from 'node:fs'
import type { PemSource } from '../../src/receive/keys.ts'

export interface Vector {
  readonly name: string
  readonly http_request: { readonly body: string; readonly x_hub_signature_256: string }
  readonly secrets: { readonly aes_key_hex: string; readonly iv_hex: string; readonly response_iv_hex: string }
  readonly expected: {
    readonly http_status: number
    readonly request_plaintext: string | null
    readonly response_plaintext?: string | null
    readonly response_body_base64?: string | null
  }
}

interface Keys {
  readonly passphrase: string
  readonly forms: Readonly<
    Record<string, { readonly label: string; readonly headers: readonly string[]; readonly base64: string }>
  >
}

const NAMES = ['01-ping', '02-init', '03-data-exchange-unicode', '04-back', '05-error-notification', '06-tampered']

const extras: { readonly app_secret: string; readonly requests: readonly Vector[] } = read('extras')
const keys: Keys = read('keys')

/** Requests as Meta sends them, with what has to come of them. */
export const vectors: readonly Vector[] = [...NAMES.map((name): Vector => read(name)), ...extras.requests]

export const appSecret = extras.app_secret
export const passphrase = keys.passphrase

/** One and the same test key in each PEM form, and its public half. */
const pems: readonly PemSource[] = Object.entries(keys.forms).map(([name, { label, headers, base64 }]) => ({
  label: name,
  pem: [
    `-----BEGIN ${label}-----`,
    ...(headers.length === 0 ? [] : [...headers, '']),
    ...(base64.match(/.{1,64}/g) ?? []),
    `-----END ${label}-----`,
    '',
  ].join('\n'),
}))

export const privatePems = pems.filter(({ label }) => label.startsWith('private'))

/** The text of one form of the test key. */
export function pemNamed(name: string): string {
  const found = pems.find(({ label }) => label === name)
  if (found === undefined) throw new Error(`no key is named ${name}`)
  return found.pem
}

export function vectorNamed(name: string): Vector {
  const found = vectors.find((vector) => vector.name === name)
  if (found === undefined) throw new Error(`no vector is named ${name}`)
  return found
}

function read<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'))
}

import type { JsonSchema } from 'flowgate/plugin'
import { addressPattern } from './address.ts'

/** One address or several. */
export type Addresses = string | readonly string[]

/** Settings of one e-mail destination, as checked by `configSchema`. */
export interface EmailConfig {
  readonly host: string
  readonly port?: number
  readonly security?: 'starttls' | 'tls' | 'none'
  readonly username?: string
  readonly password?: string
  readonly ca?: string
  readonly from: string
  readonly from_name?: string
  readonly to: Addresses
  readonly recipients?: Readonly<Record<string, Addresses>>
  readonly dkim_domain?: string
  readonly dkim_selector?: string
  readonly dkim_private_key?: string
}

const address: JsonSchema = { type: 'string', pattern: addressPattern.source, maxLength: 254 }
const addresses: JsonSchema = { anyOf: [address, { type: 'array', items: address, minItems: 1, maxItems: 50 }] }

/** What an operator can set for an e-mail destination. */
export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['host', 'from', 'to'],
  dependentRequired: {
    username: ['password'],
    password: ['username'],
    dkim_domain: ['dkim_selector', 'dkim_private_key'],
    dkim_selector: ['dkim_domain', 'dkim_private_key'],
    dkim_private_key: ['dkim_domain', 'dkim_selector'],
  },
  properties: {
    host: { type: 'string', minLength: 1, description: 'The name of the SMTP server, for example smtp.acme.com.' },
    port: {
      type: 'integer',
      minimum: 1,
      maximum: 65_535,
      default: 587,
      description: 'Its port: 587 for STARTTLS, 465 for TLS from the start.',
    },
    security: {
      enum: ['starttls', 'tls', 'none'],
      description:
        'How the connection is encrypted: starttls (left out, and the port is not 465), tls (left out at port 465), or none, for a relay in your own network.',
    },
    username: { type: 'string', minLength: 1, description: 'The name to sign in with. Left out: without signing in.' },
    password: { type: 'string', minLength: 1, writeOnly: true, description: 'The password that goes with username.' },
    ca: {
      type: 'string',
      pattern: '-----BEGIN CERTIFICATE-----',
      description: "The certificate, as PEM, of an authority of your own that has signed the server's.",
    },
    from: { ...address, description: 'The address that messages come from. The server must allow it.' },
    from_name: { type: 'string', minLength: 1, maxLength: 100, description: 'The name shown beside that address.' },
    to: { ...addresses, description: 'Who is told where the mapping names nobody: one address or a list.' },
    recipients: {
      type: 'object',
      description: 'Whom mappings can name: an address, or a list of them, by a name of your own.',
      additionalProperties: addresses,
    },
    dkim_domain: {
      type: 'string',
      minLength: 1,
      description: 'Signs messages with DKIM for this domain, where the server does not do so itself.',
    },
    dkim_selector: { type: 'string', minLength: 1, description: "The selector of the key's entry in the DNS." },
    dkim_private_key: {
      type: 'string',
      minLength: 1,
      writeOnly: true,
      description: 'The RSA key to sign with, as PEM.',
    },
  },
}

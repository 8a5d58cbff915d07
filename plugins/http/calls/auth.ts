import type { JsonSchema } from 'flowgate/plugin'

/** Exactly one of these. */
export interface AuthConfig {
  readonly bearer?: string
  readonly basic?: { readonly username: string; readonly password: string }
  readonly header?: { readonly name: string; readonly value: string }
  readonly oauth2?: Oauth2Config
}

/** Client credentials, or a refresh token where there is one. */
export interface Oauth2Config {
  readonly token_url: string
  readonly client_id: string
  readonly client_secret: string
  readonly refresh_token?: string
  readonly scope?: string
  readonly client_auth?: 'body' | 'basic'
}

/** What a header may be called. */
export const headerName = { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" }

/** A URL to ask, without credentials, query or fragment. */
export const plainUrl = '^https?://[^\\s/?#@\\\\]+(/[^\\s?#@\\\\]*)?$'

/** How an operator says how the gateway proves who it is. */
export const authSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  description: 'How the gateway proves who it is: one of `bearer`, `basic`, `header`, `oauth2`.',
  properties: {
    bearer: {
      type: 'string',
      minLength: 1,
      writeOnly: true,
      description: 'A token, sent as `Authorization: Bearer …`.',
    },
    basic: {
      type: 'object',
      additionalProperties: false,
      required: ['username', 'password'],
      description: 'Name and password, sent as `Authorization: Basic …`.',
      properties: {
        username: { type: 'string', pattern: '^[^:]*$', description: 'The name; it holds no colon.' },
        password: { type: 'string', writeOnly: true, description: 'The password.' },
      },
    },
    header: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'value'],
      description: 'A key in a header of its own.',
      properties: {
        name: { type: 'string', ...headerName, description: 'The header, for example X-Api-Key.' },
        value: { type: 'string', minLength: 1, writeOnly: true, description: 'The key.' },
      },
    },
    oauth2: {
      type: 'object',
      additionalProperties: false,
      required: ['token_url', 'client_id', 'client_secret'],
      description:
        'An access token, obtained at `token_url`, shared by all processes and renewed when it runs out or is refused.',
      properties: {
        token_url: {
          type: 'string',
          pattern: plainUrl,
          format: 'guarded-url',
          description: 'Where tokens are given out.',
        },
        client_id: { type: 'string', minLength: 1, description: 'Who the gateway is there.' },
        client_secret: { type: 'string', minLength: 1, writeOnly: true, description: 'Its secret.' },
        refresh_token: {
          type: 'string',
          minLength: 1,
          writeOnly: true,
          description: 'For the grant refresh_token. Left out: client_credentials. A new one in a reply is kept.',
        },
        scope: { type: 'string', description: 'What the token is to be good for, as the API names it.' },
        client_auth: {
          enum: ['body', 'basic'],
          default: 'body',
          description: 'Where id and secret are sent: in the form, or as `Authorization: Basic …`.',
        },
      },
    },
  },
}

/** The headers that never change. Those of OAuth 2 come with the token. */
export function authHeaders(auth: AuthConfig = {}): Readonly<Record<string, string>> {
  if (auth.bearer !== undefined) return { authorization: `Bearer ${auth.bearer}` }
  if (auth.header !== undefined) return { [auth.header.name]: auth.header.value }
  if (auth.basic === undefined) return {}
  return { authorization: basicCredentials(auth.basic.username, auth.basic.password) }
}

/** `Basic …` as RFC 7617 has it. */
export function basicCredentials(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

import type { Codes } from './failure.ts'

/** By which a source tells its failures. */
export const SOURCE_CODES: Codes = {
  settings: 'FG_HTTP_SOURCE_SETTINGS',
  credentials: 'FG_HTTP_SOURCE_CREDENTIALS',
  redirect: 'FG_HTTP_SOURCE_REDIRECT',
  busy: 'FG_HTTP_SOURCE_BUSY',
  unavailable: 'FG_HTTP_SOURCE_UNAVAILABLE',
  // A question is asked anew whatever became of it.
  unreachable: 'FG_HTTP_SOURCE_UNAVAILABLE',
  reply: 'FG_HTTP_SOURCE_REPLY',
}

/** By which what delivers tells its failures. */
export const DELIVERY_CODES: Codes = {
  settings: 'FG_HTTP_SETTINGS',
  credentials: 'FG_HTTP_CREDENTIALS',
  redirect: 'FG_HTTP_REDIRECT',
  busy: 'FG_HTTP_BUSY',
  unavailable: 'FG_HTTP_UNAVAILABLE',
  unreachable: 'FG_HTTP_UNREACHABLE',
  reply: 'FG_HTTP_REPLY',
}

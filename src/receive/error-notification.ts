import type { Json, JsonObject } from '../plugin/json.ts'

/** A phone could not use the answer it was given before, and said so. */
export interface ErrorNotification {
  /** Lower case with `-`, for example `invalid-screen-transition`. Keys nobody documented are kept in the same spelling. */
  readonly key: string
  /** Absent where the phone did not name one. */
  readonly screen?: string
}

/** Only what looks like a key: a form field that happens to be called `error` holds a person's words. */
const KEY = /^[a-z][a-z0-9_-]{0,63}$/i
const SCREEN = /^[a-z_]{1,80}$/i

/** Spellings that Meta's own pages use for one and the same key. */
const SAME_AS: ReadonlyMap<string, string> = new Map([
  ['public-key-signiture-verification', 'public-key-signature-verification'],
  ['timeout', 'timeout-error'],
])

/**
 * The error notification a request is, if it is one: `data.error`, else `data.error_key`, whatever the action
 * (developers.facebook.com, Flows endpoint guide, "Error Notification Request"; the guide's sample and table differ in the name).
 */
export function readErrorNotification(payload: JsonObject): ErrorNotification | undefined {
  const data = payload['data']
  if (!isObject(data)) return undefined
  const key = [data['error'], data['error_key']].find((value) => typeof value === 'string' && KEY.test(value))
  if (typeof key !== 'string') return undefined
  const spelt = key.toLowerCase().replaceAll('_', '-')
  const screen = payload['screen']
  return {
    key: SAME_AS.get(spelt) ?? spelt,
    ...(typeof screen === 'string' && SCREEN.test(screen) ? { screen } : {}),
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

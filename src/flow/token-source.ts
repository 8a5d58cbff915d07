import type { Json, JsonObject } from '../plugin/json.ts'
import { didYouMean } from '../value/nearest.ts'
import { LONGEST_SOURCE, REFERRAL, tellsSource } from './source-tracking.ts'

/** What a token may say about where its person comes from, as far as a mistyped name is concerned. */
const KNOWN = [
  'campaign',
  'entry_point',
  'referral',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
]

/** A source as it is kept, without what is empty; or what is wrong with it, in words that name the key. */
export type CheckedSource =
  | { readonly ok: true; readonly source: JsonObject }
  | { readonly ok: false; readonly problem: string }

/**
 * Checks where a token's person comes from: `campaign`, `entry_point`, `utm_…` and the parts of `referral`, texts of at
 * most 512 characters. An unknown name is refused, so that a slip does not pass for a campaign without results.
 */
export function checkTokenSource(given: JsonObject): CheckedSource {
  const source: Record<string, Json> = {}
  for (const [key, value] of Object.entries(given)) {
    if (!tellsSource(key)) return unknown(`source.${key}`, key, KNOWN, `${KNOWN.slice(0, 3).join(', ')} and utm_…`)
    if (key !== 'referral') {
      const problem = keep(source, key, value, `source.${key}`)
      if (problem !== undefined) return { ok: false, problem }
      continue
    }
    if (!isObject(value)) return { ok: false, problem: `source.referral must be an object of ${REFERRAL.join(', ')}` }
    const referral: Record<string, Json> = {}
    for (const [part, text] of Object.entries(value)) {
      const place = `source.referral.${part}`
      if (!REFERRAL.includes(part)) return unknown(place, part, REFERRAL, REFERRAL.join(', '))
      const problem = keep(referral, part, text, place)
      if (problem !== undefined) return { ok: false, problem }
    }
    if (Object.keys(referral).length > 0) source[key] = referral
  }
  return { ok: true, source }
}

function keep(kept: Record<string, Json>, key: string, value: Json, place: string): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST_SOURCE)
    return `${place} must be a text of ${LONGEST_SOURCE} characters at most`
  const text = value.trim()
  if (text !== '') kept[key] = text
  return undefined
}

function unknown(place: string, key: string, names: readonly string[], known: string): CheckedSource {
  const hint = didYouMean(key, names) || `: known are ${known}`
  return { ok: false, problem: `${place.slice(0, 100)} is not known${hint}` }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

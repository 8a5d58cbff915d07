import type { Json, JsonObject } from '../plugin/json.ts'

const TEXTS = ['campaign', 'entry_point'] as const
const UTM = /^utm_[a-z0-9_]{1,40}$/u
/** The parts of an ad's referral that Meta's message webhook names (Cloud API, "messages" webhook reference). */
export const REFERRAL: readonly string[] = ['source_type', 'source_id', 'headline', 'ctwa_clid']

/** Characters of one text of a source; what a phone sends beyond is cut off. */
export const LONGEST_SOURCE = 512

/** Keys of one source: more than any campaign names. What phones send beyond is left out. */
const MOST_KEYS = 20

/** Whether a payload key says where a person comes from: `campaign`, `entry_point`, `referral` or `utm_…`. */
export function tellsSource(key: string): boolean {
  return key === 'referral' || TEXTS.some((known) => known === key) || UTM.test(key)
}

/**
 * Where a person comes from: what is known already, and what hidden fields of this payload add. What is known wins, for a
 * phone's word is the weakest.
 */
export function withSource(known: JsonObject, sent: JsonObject): JsonObject {
  const added: Record<string, Json> = {}
  const room = MOST_KEYS - Object.keys(known).length
  for (const [key, value] of Object.entries(sent)) {
    if (Object.keys(added).length >= room) break
    if (!tellsSource(key) || Object.hasOwn(known, key)) continue
    const told = key === 'referral' ? referralOf(value) : textOf(value)
    if (told !== undefined) added[key] = told
  }
  return Object.keys(added).length === 0 ? known : { ...known, ...added }
}

function referralOf(value: Json): JsonObject | undefined {
  if (!isObject(value)) return undefined
  const parts = REFERRAL.flatMap((name) => {
    const text = textOf(value[name] ?? null)
    return text === undefined ? [] : [[name, text] as const]
  })
  return parts.length === 0 ? undefined : Object.fromEntries(parts)
}

function textOf(value: Json): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value).trim().slice(0, LONGEST_SOURCE)
  return text === '' ? undefined : text
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

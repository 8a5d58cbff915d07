import type { JsonObject } from '../plugin/json.ts'
import { toE164 } from '../value/phone.ts'

/** What tells people apart, the strongest first: WhatsApp's id of the person for this business, phone number, e-mail address. */
export const KEY_KINDS = ['user_id', 'phone', 'email'] as const

export type KeyKind = (typeof KEY_KINDS)[number]

/** One thing known of a person. */
export interface PersonKey {
  readonly kind: KeyKind
  /** As WhatsApp writes it, in E.164, in small letters. */
  readonly value: string
  /** It came from WhatsApp or with a token of ours; what a person types may be anybody's. */
  readonly verified: boolean
}

/** Letters of the country, then what Meta makes of the person (developers.facebook.com, business-scoped user ids). */
const USER_ID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/
/** WhatsApp writes numbers without the plus sign. */
const WHATSAPP_NUMBER = /^\+?[1-9]\d{6,14}$/
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}$/

/**
 * The keys that one submission carries: of `person` first, else of the form's field of that name where `names`, the
 * mapping's `identity`, holds it. What is no sound key is none.
 */
export function keysOf(
  { person, form }: { readonly person: JsonObject; readonly form: JsonObject },
  names: readonly string[],
): readonly PersonKey[] {
  return KEY_KINDS.flatMap((kind): readonly PersonKey[] => {
    if (!names.includes(kind)) return []
    const verified = soundKey(kind, person[kind], 'verified')
    if (verified !== undefined) return [{ kind, value: verified, verified: true }]
    const typed = kind === 'user_id' ? undefined : soundKey(kind, form[kind], 'typed')
    return typed === undefined ? [] : [{ kind, value: typed, verified: false }]
  })
}

/**
 * A key in the one way it is kept; `undefined` where it is none. WhatsApp knows numbers in spellings that numbering plans do
 * not have any more, such as Brazilian ones without the ninth digit: a verified one is believed.
 */
export function soundKey(kind: KeyKind, raw: unknown, from: 'verified' | 'typed'): string | undefined {
  if (typeof raw !== 'string' && typeof raw !== 'number') return undefined
  const text = String(raw).trim()
  switch (kind) {
    case 'user_id':
      return USER_ID.test(text) ? text : undefined
    case 'phone':
      return (
        toE164(text) ?? (from === 'verified' && WHATSAPP_NUMBER.test(text) ? `+${text.replace('+', '')}` : undefined)
      )
    case 'email':
      return EMAIL.test(text) ? text.toLowerCase() : undefined
  }
}

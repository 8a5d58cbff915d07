// What PostgreSQL keeps in no jsonb, as JSON.stringify writes it: NUL, and half a surrogate pair.
const SUSPECT = /\\u(?:0000|d[89a-f])/

/**
 * JSON that every jsonb column takes: NUL is left out, half a surrogate pair becomes U+FFFD. Without it one odd letter of
 * a vendor's would make a statement fail on every try, and what it was to write down would never be known.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value)
  return SUSPECT.test(text) ? JSON.stringify(value, (_key, member: unknown) => soundMember(member)) : text
}

function soundMember(member: unknown): unknown {
  return typeof member === 'string' ? member.replaceAll('\0', '').toWellFormed() : member
}

import type { Json } from 'flowgate/plugin'

/** A member as JSON.parse has read it; `source` is how a number was written. */
type Reviver = (name: string, value: Json, context?: { readonly source?: string }) => Json

/**
 * The JSON of a reply, in which whole numbers beyond those that JavaScript keeps exactly are texts of their digits: rounded, an
 * id of twenty digits would be that of another record. Throws a SyntaxError for what is no JSON.
 */
export function exactJson(text: string): Json {
  return /\d{16}/u.test(text) ? JSON.parse(text, exact) : JSON.parse(text)
}

const exact: Reviver = (_, value, context) => {
  const rounded = typeof value === 'number' && !Number.isSafeInteger(value)
  return rounded && /^-?\d+$/u.test(context?.source ?? '') ? (context?.source ?? value) : value
}

import { WRITE_POLICIES, type WritePolicy } from '../config/schema/value.ts'
import type { Json } from '../plugin/json.ts'
import { type DirectivePlace, type RawMembers, under, WRITE_KEYS } from './directive-place.ts'
import { didYouMean } from './nearest.ts'
import { asText } from './text.ts'

/** How one field of a record is written. */
export interface Writing {
  readonly policy: WritePolicy
  /** A blank value empties the field. */
  readonly clear: boolean
  /** For `forward_only`: the values as text, lowest first, where the mapping says them. */
  readonly order?: readonly string[]
}

const OVERWRITE: Writing = { policy: 'overwrite', clear: false }

/** How a value says that its field is written: as `checkWriting` found right. Without a word it overwrites and never clears. */
export function writingOf(raw: unknown): Writing {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return OVERWRITE
  const { write, clear, order } = raw as RawMembers
  const policy = WRITE_POLICIES.find((known) => known === write) ?? 'overwrite'
  return { policy, clear: clear === true, ...(isOrder(order) ? { order: order.map(asText) } : {}) }
}

/** Checks `write`, `clear` and `order` of a value. */
export function checkWriting(raw: RawMembers, place: DirectivePlace): void {
  const refuse = (key: string, message: string): void =>
    place.report({ severity: 'error', path: under(place, key), code: 'FG_CONFIG_WRITE', message })
  if (!place.write) {
    for (const key of WRITE_KEYS) {
      if (key in raw) refuse(key, `\`${key}\` belongs to a field of a record: nothing is written here`)
    }
    return
  }
  const { write = 'overwrite', clear = false } = raw
  const policy = WRITE_POLICIES.find((known) => known === write)
  if (policy === undefined) {
    const hint = didYouMean(String(write), WRITE_POLICIES) || `: there are ${WRITE_POLICIES.join(', ')}`
    refuse('write', `unknown write policy \`${String(write)}\`${hint}`)
    return
  }
  if (typeof clear !== 'boolean') refuse('clear', '`clear` is true or false')
  else if (clear && policy !== 'overwrite')
    refuse('clear', `\`clear\` beside \`write: ${policy}\`: only what is overwritten can be cleared`)
  if ('order' in raw) checkOrder(raw, policy, place, refuse)
}

/** Constants that a value may come to, and where they stand in it, as far as they can be told without anybody's answers. */
function constantsOf(raw: unknown): readonly { readonly path: readonly string[]; readonly value: Json }[] {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return []
  const given = raw as RawMembers
  const at = (...path: readonly string[]) => ({ path, value: path.reduce<unknown>(memberOf, given) as Json })
  const converted = ['apply', 'lookup', 'pick'].some((key) => key in given)
  return [
    ...('value' in given && !converted ? [at('value')] : []),
    ...('lookup' in given && !('pick' in given)
      ? Object.keys(given['lookup'] ?? {}).map((key) => at('lookup', key))
      : []),
    ...('default' in given ? [at('default')] : []),
  ]
}

function checkOrder(
  raw: RawMembers,
  policy: WritePolicy,
  place: DirectivePlace,
  refuse: (key: string, message: string) => void,
): void {
  const { order } = raw
  if (policy !== 'forward_only') {
    refuse('order', `\`order\` belongs to \`write: forward_only\`: \`${policy}\` knows no order`)
    return
  }
  if (!isOrder(order)) {
    refuse('order', '`order` is a list of at least two different values, the lowest first: `[lead, customer]`')
    return
  }
  for (const { path, message } of strangersTo(order.map(asText), raw)) {
    place.report({ severity: 'error', path: [...place.path, ...path], code: 'FG_CONFIG_WRITE', message })
  }
}

/** Constants of a value that an order does not have: the record could never be written with them. */
export function strangersTo(
  order: readonly string[],
  raw: unknown,
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  return constantsOf(raw).flatMap(({ path, value }) => {
    const text = asText(value)
    if (text === '' || order.includes(text)) return []
    const hint = didYouMean(text, order) || `: it has ${order.join(', ')}`
    return [{ path, message: `\`${text}\` is not in the order of this field${hint}` }]
  })
}

function isOrder(order: unknown): order is readonly (string | number)[] {
  if (!Array.isArray(order) || order.length < 2) return false
  const fit = order.every((item) => (typeof item === 'string' && item.trim() !== '') || typeof item === 'number')
  return fit && new Set(order.map(asText)).size === order.length
}

function memberOf(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key)
    ? Reflect.get(holder, key)
    : undefined
}

import type { Path } from '../config/issue.ts'
import type { Json } from '../plugin/json.ts'
import { type DirectivePlace, fault, type RawMembers, under } from './directive-place.ts'
import { listOf } from './list-of.ts'
import { didYouMean } from './nearest.ts'
import { compileMember, compilePath, type Member } from './path.ts'
import type { Scope } from './scope.ts'
import { asText } from './text.ts'

/** A `pick` ready to use. */
export interface CompiledPick {
  readonly paths: readonly string[]
  /** What the picked items hold: of a list what was found, of anything else `undefined` where nothing was. */
  take(value: Json, scope: Scope): Json | undefined
}

const KEYS = ['in', 'by', 'take'] as const
const FORM = '`{ in: asked.slots, by: id, take: title }`'

/**
 * `pick: { in, by: id, take: title }`: puts in place of a value what the first item of a list holds whose `by` is, as
 * text, that value. Mistakes are reported.
 */
export function compilePick(raw: RawMembers, place: DirectivePlace): CompiledPick | undefined {
  if (!('pick' in raw)) return undefined
  const given = raw['pick']
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    fault(place, 'pick', `\`pick\` is such as ${FORM}`)
    return undefined
  }
  const refuse = (key: string, message: string, atKey = false) => {
    const path = [...under(place, 'pick'), key]
    place.report({ severity: 'error', path, code: 'FG_CONFIG_VALUE', message, atKey })
  }
  for (const key of Object.keys(given)) {
    if (KEYS.some((known) => known === key)) continue
    refuse(key, `unknown key \`${key}\` in \`pick\`${didYouMean(key, KEYS) || `: it is such as ${FORM}`}`, true)
  }
  const options: RawMembers = { by: 'id', take: 'title', ...given }
  const [by, take] = [member('by', options, refuse), member('take', options, refuse)]
  if (!('in' in options)) fault(place, 'pick', `\`pick\` needs \`in\`, the list to look in: ${FORM}`)
  const list = 'in' in options ? compileList(options['in'], [...under(place, 'pick'), 'in'], place) : undefined
  if (by === undefined || take === undefined || list === undefined) return undefined
  return { paths: list.paths, take: (value, scope) => pick(value, list.items(scope), by, take) }
}

function pick(value: Json, items: readonly Json[], by: Member, take: Member): Json | undefined {
  if (!Array.isArray(value)) {
    const id = asText(value)
    const found = items.find((item) => idOf(item, by) === id)
    return found === undefined ? undefined : take(found)
  }
  const byId = new Map<string | undefined, Json>()
  for (const item of items.toReversed()) byId.set(idOf(item, by), item)
  const found = value.map((wanted) => byId.get(asText(wanted))).filter((item) => item !== undefined)
  return found.map(take).filter((taken) => taken !== undefined)
}

function idOf(item: Json, by: Member): string | undefined {
  const id = by(item)
  return id === undefined ? undefined : asText(id)
}

function member(
  key: 'by' | 'take',
  options: RawMembers,
  refuse: (key: string, message: string) => void,
): Member | undefined {
  const read = compileMember(options[key])
  if (read === undefined)
    refuse(key, `\`${key}\` names a member of the items, such as \`${key === 'by' ? 'id' : 'title'}\``)
  return read
}

interface List {
  readonly paths: readonly string[]
  items(scope: Scope): readonly Json[]
}

function compileList(raw: unknown, path: Path, { report, roots }: DirectivePlace): List | undefined {
  if (!Array.isArray(raw)) {
    const from = compilePath(raw, report, path, roots)
    return from && { paths: [from.text], items: (scope) => listOf(from.read(scope), 'pick', from.text) ?? [] }
  }
  const wrong = raw.findIndex((item: unknown) => typeof item !== 'object' || item === null || Array.isArray(item))
  if (wrong === -1) return { paths: [], items: () => raw }
  const message = 'an item to pick from is an object such as `{ id: a, title: A }`'
  report({ severity: 'error', path: [...path, wrong], code: 'FG_CONFIG_VALUE', message })
  return undefined
}

import { DIRECTIVES, type RawCondition } from '../config/schema/value.ts'
import type { Json } from '../plugin/json.ts'
import { type Apply, compileSteps } from './apply.ts'
import { compileCondition } from './condition.ts'
import {
  type DirectivePlace,
  fault,
  isDirective,
  MODIFIERS,
  type RawMembers,
  under,
  WRITE_KEYS,
} from './directive-place.ts'
import { EACH_KEYS } from './each.ts'
import { didYouMean } from './nearest.ts'
import { compileOrigin } from './origin.ts'
import { type CompiledPick, compilePick } from './pick.ts'
import type { CompiledCondition, CompiledValue, Scope } from './scope.ts'
import { asText, isBlank } from './text.ts'
import { ValueError } from './value-error.ts'
import { checkWriting } from './writing.ts'

const ON_FAIL = ['fail', 'leave_out', 'keep'] as const

type Step = (value: Json, scope: Scope) => Json | undefined

/** Checks a directive: where its value comes from, and what is done with it. */
export function compileDirective(raw: object, place: DirectivePlace): CompiledValue {
  const given = raw as RawMembers
  checkKeys(given, place)
  const origin = compileOrigin(given, place)
  const apply = 'apply' in given ? compileSteps(given['apply'], place.report, under(place, 'apply')) : undefined
  const pick = compilePick(given, place)
  const fallback = compileDefault(given, place)
  const convert = conversion(apply, compileLookup(given, place), pick, fallback)
  const when = compileWhen(given, place)
  const onFail = compileOnFail(given, place)
  checkWriting(given, place)
  // A blank answer then says something: that nothing is to stand there.
  const blank = given['clear'] === true ? null : undefined
  return {
    paths: [...new Set([...origin.paths, ...(pick?.paths ?? []), ...(when?.paths ?? [])])],
    evaluate: async (scope) => {
      if (when !== undefined && !when.test(scope)) return undefined
      try {
        const value = converted(await origin.evaluate(scope), (came) => convert(came, scope), onFail)
        return isBlank(value) ? (fallback ?? (blank === undefined ? value : blank)) : value
      } catch (error) {
        if (onFail === 'leave_out' && error instanceof ValueError) return undefined
        throw error
      }
    },
  }
}

function converted(
  came: Json | undefined,
  convert: (value: Json) => Json | undefined,
  onFail: (typeof ON_FAIL)[number],
): Json | undefined {
  if (isBlank(came)) return came
  try {
    return convert(came)
  } catch (error) {
    if (onFail === 'keep' && error instanceof ValueError) return came
    throw error
  }
}

/** `apply`, then `lookup`, then `pick`. What is missing in a `lookup` is the default, which is not picked from a list. */
function conversion(
  apply: Apply | undefined,
  lookup: ((value: Json) => Json | undefined) | undefined,
  pick: CompiledPick | undefined,
  fallback: Json | undefined,
): Step {
  const convert: Step = (value, scope) => {
    const found = lookup === undefined ? value : lookup(value)
    if (found !== undefined) return pick === undefined ? found : pick.take(found, scope)
    if (fallback !== undefined) return fallback
    throw new ValueError('FG_VALUE_LOOKUP', 'lookup: the value is not in the table and there is no `default`')
  }
  return (came, scope) => {
    const applied = apply === undefined ? came : apply(came)
    if (isBlank(applied)) return applied
    if (!Array.isArray(applied)) return convert(applied, scope)
    if (lookup === undefined) return pick === undefined ? applied : pick.take(applied, scope)
    return applied.map((item) => convert(item, scope)).filter((item) => item !== undefined)
  }
}

function checkKeys(raw: RawMembers, { report, path }: DirectivePlace): void {
  const fault = (key: string, message: string) =>
    report({ severity: 'error', path: [...path, key], code: 'FG_CONFIG_VALUE', message, atKey: true })
  const [first = '', ...more] = Object.keys(raw).filter((key) => DIRECTIVES.some((directive) => directive === key))
  const modifiers = [...MODIFIERS, ...WRITE_KEYS]
  const beside = first === 'each' ? [...EACH_KEYS, ...modifiers] : modifiers
  for (const key of Object.keys(raw)) {
    if (key === first || beside.includes(key)) continue
    if (more.includes(key)) {
      fault(key, `\`${key}\` beside \`${first}\`: a value comes from one of ${DIRECTIVES.join(', ')}`)
    } else if (EACH_KEYS.includes(key)) {
      fault(key, `\`${key}\` belongs to \`each\`: it does nothing beside \`${first}\``)
    } else {
      const hint = didYouMean(key, [...beside, ...DIRECTIVES])
      const literal = `: write \`value:\` before an object that is meant as it stands`
      fault(key, `unknown key \`${key}\` beside \`${first}\`${hint || literal}`)
    }
  }
}

function compileLookup(raw: RawMembers, place: DirectivePlace): ((value: Json) => Json | undefined) | undefined {
  if (!('lookup' in raw)) return undefined
  const table = raw['lookup']
  if (typeof table !== 'object' || table === null || Array.isArray(table)) {
    fault(place, 'lookup', '`lookup` is a table such as `{ small: SMB, large: ENTERPRISE }`')
    return undefined
  }
  const entries = new Map(Object.entries(table))
  for (const [key, value] of entries) {
    if (holdsDirective(value)) fault(place, 'lookup', `\`${key}\`: the right side of a lookup is a literal`)
  }
  return (value) => entries.get(asText(value)) as Json | undefined
}

function compileDefault(raw: RawMembers, place: DirectivePlace): Json | undefined {
  if (!('default' in raw)) return undefined
  if (holdsDirective(raw['default']))
    fault(place, 'default', '`default` is a literal: use `first_of` for a second path, `choose` for more')
  return raw['default'] as Json
}

function compileWhen(raw: RawMembers, place: DirectivePlace): CompiledCondition | undefined {
  if (!('when' in raw)) return undefined
  return compileCondition(raw['when'] as RawCondition, place.report, under(place, 'when'), { roots: place.roots })
}

function compileOnFail(raw: RawMembers, place: DirectivePlace): (typeof ON_FAIL)[number] {
  if (!('on_fail' in raw)) return 'fail'
  const policy = ON_FAIL.find((known) => known === raw['on_fail'])
  if (policy !== undefined) return policy
  fault(place, 'on_fail', `\`on_fail\` is one of ${ON_FAIL.join(', ')}${didYouMean(String(raw['on_fail']), ON_FAIL)}`)
  return 'fail'
}

function holdsDirective(value: unknown): boolean {
  return typeof value === 'object' && value !== null && isDirective(value)
}

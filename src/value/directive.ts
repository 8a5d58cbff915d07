import type { Path, Report } from '../config/issue.ts'
import { DIRECTIVES, type RawCondition } from '../config/schema/value.ts'
import type { Json } from '../plugin/json.ts'
import { type Apply, compileSteps } from './apply.ts'
import { compileCondition } from './condition.ts'
import { compileExpression } from './expression.ts'
import { didYouMean } from './nearest.ts'
import { compilePath } from './path.ts'
import type { CompiledCondition, CompiledValue, Root, Scope } from './scope.ts'
import { compileTemplate } from './template.ts'
import { asText, isBlank } from './text.ts'
import { ValueError } from './value-error.ts'

/** Keys that may stand beside a directive. */
export const MODIFIERS: readonly string[] = ['apply', 'lookup', 'default', 'when', 'write', 'on_fail']

const POLICIES: readonly string[] = ['if_empty', 'create_only', 'append', 'forward_only', 'never']
const ON_FAIL = ['fail', 'leave_out', 'keep'] as const

/** Where a directive stands, and what is legal there. */
export interface DirectivePlace {
  readonly report: Report
  readonly path: Path
  readonly roots: readonly Root[]
  readonly write: boolean
}

type Raw = Readonly<Record<string, unknown>>
type Step = (value: Json) => Json | undefined

/** Checks an object with one of `from first_of template value expr` and what is done with its result. */
export function compileDirective(raw: object, place: DirectivePlace): CompiledValue {
  const given = raw as Raw
  checkKeys(given, place)
  const source = compileSource(given, place)
  const apply = 'apply' in given ? compileSteps(given['apply'], place.report, under(place, 'apply')) : undefined
  const fallback = compileDefault(given, place)
  const convert = conversion(apply, compileLookup(given, place), fallback)
  const when = compileWhen(given, place)
  const onFail = compileOnFail(given, place)
  checkWrite(given, place)
  return {
    paths: [...new Set([...source.paths, ...(when?.paths ?? [])])],
    evaluate: async (scope) => {
      if (when !== undefined && !when.test(scope)) return undefined
      try {
        const value = converted(await source.evaluate(scope), convert, onFail)
        return isBlank(value) ? (fallback ?? value) : value
      } catch (error) {
        if (onFail === 'leave_out' && error instanceof ValueError) return undefined
        throw error
      }
    },
  }
}

function converted(source: Json | undefined, convert: Step, onFail: (typeof ON_FAIL)[number]): Json | undefined {
  if (isBlank(source)) return source
  try {
    return convert(source)
  } catch (error) {
    if (onFail === 'keep' && error instanceof ValueError) return source
    throw error
  }
}

function conversion(apply: Apply | undefined, lookup: Step | undefined, fallback: Json | undefined): Step {
  return (source) => {
    const applied = apply === undefined ? source : apply(source)
    if (lookup === undefined || isBlank(applied)) return applied
    const find = (value: Json): Json => {
      const found = lookup(value) ?? fallback
      if (found !== undefined) return found
      throw new ValueError('FG_VALUE_LOOKUP', 'lookup: the value is not in the table and there is no `default`')
    }
    return Array.isArray(applied) ? applied.map(find) : find(applied)
  }
}

function checkKeys(raw: Raw, { report, path }: DirectivePlace): void {
  const fault = (key: string, message: string) =>
    report({ severity: 'error', path: [...path, key], code: 'FG_CONFIG_VALUE', message, atKey: true })
  const [first, ...more] = Object.keys(raw).filter((key) => DIRECTIVES.some((directive) => directive === key))
  for (const key of more)
    fault(key, `\`${key}\` beside \`${first}\`: a value comes from one of ${DIRECTIVES.join(', ')}`)
  for (const key of Object.keys(raw)) {
    if (key === first || more.includes(key) || MODIFIERS.includes(key)) continue
    const hint = didYouMean(key, [...MODIFIERS, ...DIRECTIVES])
    const literal = `: write \`value:\` before an object that is meant as it stands`
    fault(key, `unknown key \`${key}\` beside \`${first}\`${hint || literal}`)
  }
}

function compileSource(raw: Raw, place: DirectivePlace): CompiledValue {
  const { report, roots } = place
  if ('from' in raw) return firstOf([raw['from']], [under(place, 'from')], place)
  if ('first_of' in raw) {
    const path = under(place, 'first_of')
    const names = Array.isArray(raw['first_of']) ? raw['first_of'] : []
    if (names.length === 0) fault(place, 'first_of', '`first_of` holds a list of paths')
    return firstOf(
      names,
      names.map((_, index) => [...path, index]),
      place,
    )
  }
  if ('template' in raw) {
    const text = raw['template']
    if (typeof text === 'string') return compileTemplate(text, report, under(place, 'template'), { roots })
    fault(place, 'template', '`template` is text')
    return constant(undefined)
  }
  if ('expr' in raw) return compileExpression(raw['expr'], report, under(place, 'expr'), roots)
  return constant(raw['value'] as Json)
}

/** The first that is present and not blank; the last blank one where all are, so that `on_fail` and `default` see it. */
function firstOf(names: readonly unknown[], places: readonly Path[], { report, roots }: DirectivePlace): CompiledValue {
  const paths = names
    .map((name, index) => compilePath(name, report, places[index] ?? [], roots))
    .filter((path) => path !== undefined)
  const read = (scope: Scope): Json | undefined => {
    const values = paths.map((path) => path.read(scope))
    return values.find((value) => !isBlank(value)) ?? values.findLast((value) => value !== undefined)
  }
  return { paths: paths.map((path) => path.text), evaluate: (scope) => Promise.resolve(read(scope)) }
}

function compileLookup(raw: Raw, place: DirectivePlace): Step | undefined {
  if (!('lookup' in raw)) return undefined
  const table = raw['lookup']
  if (typeof table !== 'object' || table === null || Array.isArray(table)) {
    fault(place, 'lookup', '`lookup` is a table such as `{ small: SMB, large: ENTERPRISE }`')
    return undefined
  }
  const entries = new Map(Object.entries(table))
  for (const [key, value] of entries) {
    if (isDirective(value)) fault(place, 'lookup', `\`${key}\`: the right side of a lookup is a literal`)
  }
  return (value) => entries.get(asText(value)) as Json | undefined
}

function compileDefault(raw: Raw, place: DirectivePlace): Json | undefined {
  if (!('default' in raw)) return undefined
  if (isDirective(raw['default'])) fault(place, 'default', '`default` is a literal: use `first_of` for a second path')
  return raw['default'] as Json
}

function compileWhen(raw: Raw, place: DirectivePlace): CompiledCondition | undefined {
  if (!('when' in raw)) return undefined
  return compileCondition(raw['when'] as RawCondition, place.report, under(place, 'when'), { roots: place.roots })
}

function compileOnFail(raw: Raw, place: DirectivePlace): (typeof ON_FAIL)[number] {
  if (!('on_fail' in raw)) return 'fail'
  const policy = ON_FAIL.find((known) => known === raw['on_fail'])
  if (policy !== undefined) return policy
  fault(place, 'on_fail', `\`on_fail\` is one of ${ON_FAIL.join(', ')}${didYouMean(String(raw['on_fail']), ON_FAIL)}`)
  return 'fail'
}

function checkWrite(raw: Raw, place: DirectivePlace): void {
  if (!('write' in raw)) return
  const policy = String(raw['write'])
  const refuse = (message: string) =>
    place.report({ severity: 'error', path: under(place, 'write'), code: 'FG_CONFIG_WRITE', message })
  if (!place.write) refuse('`write` belongs to a field of a record: nothing is written here')
  else if (POLICIES.includes(policy)) {
    refuse(
      `\`write: ${policy}\` is not available in this version: every field is written with \`overwrite\`; leave \`write\` out`,
    )
  } else if (policy !== 'overwrite') {
    refuse(`unknown write policy \`${policy}\`: only \`overwrite\` is available in this version`)
  }
}

function isDirective(value: unknown): boolean {
  return typeof value === 'object' && value !== null && DIRECTIVES.some((key) => Object.hasOwn(value, key))
}

function constant(value: Json | undefined): CompiledValue {
  return { paths: [], evaluate: () => Promise.resolve(value) }
}

function under(place: DirectivePlace, key: string): Path {
  return [...place.path, key]
}

function fault(place: DirectivePlace, key: string, message: string): void {
  place.report({ severity: 'error', path: under(place, key), code: 'FG_CONFIG_VALUE', message })
}

import type { Path, Report } from '../config/issue.ts'
import { DIRECTIVES, type RawValue } from '../config/schema/value.ts'
import { compileDirective } from './directive.ts'
import { type DirectivePlace, isDirective, MODIFIERS, WRITE_KEYS } from './directive-place.ts'
import { didYouMean } from './nearest.ts'
import { FLOW_ROOTS, type ValueOptions } from './options.ts'
import type { CompiledValue, Root } from './scope.ts'

/** Checks a value once and makes it ready to evaluate. Every mistake is reported; the result is always usable. */
export function compileValue(raw: RawValue, report: Report, path: Path, options: ValueOptions = {}): CompiledValue {
  const roots = options.roots ?? FLOW_ROOTS
  if (typeof raw !== 'object' || raw === null) return literal(raw, report, path, roots)
  if (Array.isArray(raw)) {
    const inner = { ...options, write: false }
    const items = raw.map((item: RawValue, index) => compileValue(item, report, [...path, index], inner))
    return {
      paths: pathsOf(items),
      evaluate: async (scope) => present(await each(items, (item) => item.evaluate(scope))),
    }
  }
  if (isDirective(raw, options.objects)) {
    const inner: DirectivePlace['inner'] = (member, at, more) =>
      compileValue(member as RawValue, report, at, { ...options, write: false, ...more })
    return compileDirective(raw, { report, path, roots, write: options.write ?? false, images: options.images, inner })
  }
  if (options.objects === 'refused') return refuseObject(raw, report, path)
  const members = Object.entries(raw).map(
    ([key, member]) => [key, compileValue(member as RawValue, report, [...path, key], options)] as const,
  )
  return {
    paths: pathsOf(members.map(([, member]) => member)),
    evaluate: async (scope) => {
      const entries = await each(members, async ([key, member]) => {
        const value = await member.evaluate(scope)
        return value === undefined ? undefined : ([key, value] as const)
      })
      return Object.fromEntries(present(entries))
    },
  }
}

const ROOTED = /^(\w+)(?:\.[\w-]+)+$/u
const BRACED = /\{\s*(\w+)\.[^{}]*\}/gu

/** A literal is sent as it stands; one that looks like a reference is most likely a forgotten `from` or `template`. */
function literal(
  value: string | number | boolean | null,
  report: Report,
  path: Path,
  roots: readonly Root[],
): CompiledValue {
  const advise = (message: string) => report({ severity: 'advice', path, code: 'FG_CONFIG_LITERAL', message })
  const isRoot = (name: string | undefined) => roots.some((root) => root === name)
  if (typeof value === 'number' && !Number.isFinite(value)) {
    report({ severity: 'error', path, code: 'FG_CONFIG_VALUE', message: 'a number must be finite' })
  } else if (typeof value === 'string' && isRoot(ROOTED.exec(value)?.[1])) {
    advise(`the text \`${value}\` is sent as it stands: write \`{ from: ${value} }\` for the answer`)
  } else if (typeof value === 'string' && Array.from(value.matchAll(BRACED)).some(([, root]) => isRoot(root))) {
    advise('the braces are sent as they stand: write `{ template: "…" }` to fill them')
  }
  return { paths: [], evaluate: () => Promise.resolve(value) }
}

function refuseObject(raw: object, report: Report, path: Path): CompiledValue {
  const known = [...DIRECTIVES, ...MODIFIERS, ...WRITE_KEYS]
  const keys = Object.keys(raw)
  const [unknown = keys[0]] = keys.filter((key) => !known.includes(key))
  const wanted = `write one of ${DIRECTIVES.join(', ')}, or \`value:\` before an object that is meant as it stands`
  const message =
    unknown === undefined
      ? `an empty object is no value: ${wanted}`
      : known.includes(unknown)
        ? `\`${unknown}\` has nothing to work on: ${wanted}`
        : `unknown key \`${unknown}\`${didYouMean(unknown, known) || `: ${wanted}`}`
  const atKey = unknown !== undefined
  report({ severity: 'error', path: atKey ? [...path, unknown] : path, code: 'FG_CONFIG_VALUE', message, atKey })
  return { paths: [], evaluate: () => Promise.resolve(undefined) }
}

function pathsOf(values: readonly CompiledValue[]): readonly string[] {
  return [...new Set(values.flatMap((value) => value.paths))]
}

/** One after the other: an expression may take its whole time, and several at once would add theirs up. */
async function each<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (const item of items) results.push(await work(item))
  return results
}

function present<Item>(items: readonly (Item | undefined)[]): Item[] {
  return items.filter((item) => item !== undefined)
}

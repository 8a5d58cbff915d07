import type { Path, Report } from '../config/issue.ts'
import type { RawCondition } from '../config/schema/value.ts'
import type { Json } from '../plugin/json.ts'
import { compileComparison } from './comparison.ts'
import { didYouMean } from './nearest.ts'
import { FLOW_ROOTS, type ValueOptions } from './options.ts'
import { compilePath } from './path.ts'
import type { CompiledCondition, Root, Scope } from './scope.ts'

/** Checks a condition once and makes it ready to test. Every mistake is reported; a mistaken part is never true. */
export function compileCondition(
  raw: RawCondition,
  report: Report,
  path: Path,
  options: Pick<ValueOptions, 'roots'> = {},
): CompiledCondition {
  return compile(raw, { report, path, roots: options.roots ?? FLOW_ROOTS })
}

interface Place {
  readonly report: Report
  readonly path: Path
  readonly roots: readonly Root[]
}

const COMBINATORS = ['all', 'any', 'not'] as const
const NEVER: CompiledCondition = { paths: [], test: () => false }

function compile(raw: unknown, place: Place): CompiledCondition {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw) || Object.keys(raw).length === 0) {
    return refuse(place, 'a condition is an object such as `{ form.size: { gte: 50 } }`')
  }
  const parts = Object.entries(raw).map(([key, right]) => part(key, right, { ...place, path: [...place.path, key] }))
  return join(parts, (tests, scope) => tests.every((one) => one.test(scope)))
}

function part(key: string, right: unknown, place: Place): CompiledCondition {
  if (key === 'all' || key === 'any') {
    if (!Array.isArray(right) || right.length === 0) return refuse(place, `\`${key}\` holds a list of conditions`)
    const parts = right.map((one, index) => compile(one, { ...place, path: [...place.path, index] }))
    return key === 'all'
      ? join(parts, (tests, scope) => tests.every((one) => one.test(scope)))
      : join(parts, (tests, scope) => tests.some((one) => one.test(scope)))
  }
  if (key === 'not') {
    const inner = compile(right, place)
    // A mistaken condition stays false under `not`: nothing may pass because of a mistake.
    return inner === NEVER ? NEVER : { paths: inner.paths, test: (scope) => !inner.test(scope) }
  }
  if (!key.includes('.') && didYouMean(key, COMBINATORS) !== '') {
    return refuse(place, `unknown key \`${key}\`${didYouMean(key, COMBINATORS)}`, true)
  }
  return comparison(key, right, place)
}

function comparison(key: string, right: unknown, place: Place): CompiledCondition {
  const { report, path, roots } = place
  const left = compilePath(key, (finding) => report({ ...finding, atKey: true }), path, roots)
  const compared = compileComparison(right as Json, report, path, roots)
  if (left === undefined || compared === undefined) return NEVER
  return { paths: [left.text, ...compared.paths], test: (scope) => compared.holds(left.read(scope), scope) }
}

function join(
  parts: readonly CompiledCondition[],
  decide: (parts: readonly CompiledCondition[], scope: Scope) => boolean,
): CompiledCondition {
  if (parts.includes(NEVER)) return NEVER
  return { paths: [...new Set(parts.flatMap((one) => one.paths))], test: (scope) => decide(parts, scope) }
}

function refuse({ report, path }: Place, message: string, atKey = false): CompiledCondition {
  report({ severity: 'error', path, code: 'FG_CONFIG_CONDITION', message, atKey })
  return NEVER
}

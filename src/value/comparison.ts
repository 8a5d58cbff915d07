import type { Path, Report } from '../config/issue.ts'
import type { Json } from '../plugin/json.ts'
import { canonicalText } from './hash.ts'
import { didYouMean } from './nearest.ts'
import { compileMember, compilePath } from './path.ts'
import { compilePattern } from './pattern.ts'
import type { Root, Scope } from './scope.ts'
import { asNumber, asText, isBlank } from './text.ts'

/** The right side of `{ path: … }`: whether it holds for what stands at the path. Never throws. */
export interface Comparison {
  readonly paths: readonly string[]
  holds(left: Json | undefined, scope: Scope): boolean
}

type Holds = (left: Json, right: Json) => boolean

interface Right {
  readonly paths: readonly string[]
  read(scope: Scope): Json | undefined
}

const COMPARISONS: Readonly<Record<string, Holds>> = {
  in: (left, right) => Array.isArray(right) && items(left).some((one) => right.some((other) => same(one, other))),
  contains: (left, right) =>
    Array.isArray(left)
      ? left.some((item) => same(item, right))
      : typeof left !== 'object' && asText(left).includes(asText(right)),
  gt: (left, right) => order(left, right, (difference) => difference > 0),
  gte: (left, right) => order(left, right, (difference) => difference >= 0),
  lt: (left, right) => order(left, right, (difference) => difference < 0),
  lte: (left, right) => order(left, right, (difference) => difference <= 0),
}

/** The closed list of comparisons, for messages. */
const COMPARISON_NAMES: readonly string[] = [...Object.keys(COMPARISONS), 'exists', 'matches']

/** Checks the right side of a condition. A mistake is reported and gives `undefined`. */
export function compileComparison(
  raw: Json,
  report: Report,
  path: Path,
  roots: readonly Root[],
): Comparison | undefined {
  if (Array.isArray(raw)) return fault(report, path, 'a list needs `in`: `{ in: [a, b] }`')
  if (typeof raw !== 'object' || raw === null) return equals({ paths: [], read: () => raw })
  if ('from' in raw) {
    const right = rightSide(raw, report, path, roots)
    return right === undefined ? undefined : equals(right)
  }
  const names = Object.keys(raw)
  if (names.length === 0) return fault(report, path, `an empty comparison: use ${COMPARISON_NAMES.join(', ')}`)
  const parts = Object.entries(raw).map(([name, right]) => operation(name, right, report, [...path, name], roots))
  const sound = parts.filter((one) => one !== undefined)
  if (sound.length < parts.length) return undefined
  return {
    paths: sound.flatMap((one) => one.paths),
    holds: (left, scope) => sound.every((one) => one.holds(left, scope)),
  }
}

function operation(
  name: string,
  raw: Json,
  report: Report,
  path: Path,
  roots: readonly Root[],
): Comparison | undefined {
  if (name === 'exists') {
    if (typeof raw !== 'boolean') return fault(report, path, '`exists` is true or false')
    return { paths: [], holds: (left) => !isBlank(left) === raw }
  }
  if (name === 'matches') {
    if (typeof raw !== 'string') return fault(report, path, '`matches` holds a pattern, as text')
    let sound = true
    const pattern = compilePattern(
      raw,
      (finding) => {
        sound = false
        report(finding)
      },
      path,
    )
    if (!sound) return undefined
    return { paths: [], holds: (left) => left !== undefined && items(left).some((one) => pattern.test(asText(one))) }
  }
  const holds = Object.hasOwn(COMPARISONS, name) ? COMPARISONS[name] : undefined
  if (holds === undefined) {
    const hint = didYouMean(name, COMPARISON_NAMES) || `: use one of ${COMPARISON_NAMES.join(', ')}`
    return fault(report, path, `unknown comparison \`${name}\`${hint}`, true)
  }
  if (name === 'in' && !Array.isArray(raw) && !isReference(raw)) return fault(report, path, '`in` holds a list')
  const right = name === 'in' ? listSide(raw, report, path, roots) : rightSide(raw, report, path, roots)
  if (right === undefined) return undefined
  return {
    paths: right.paths,
    holds: (left, scope) => {
      const value = right.read(scope)
      return left !== undefined && value !== undefined && holds(left, value)
    },
  }
}

function rightSide(raw: Json, report: Report, path: Path, roots: readonly Root[]): Right | undefined {
  if (!isReference(raw)) return { paths: [], read: () => raw }
  const beside = Object.keys(raw).find((key) => key !== 'from')
  if (beside !== undefined)
    return fault(report, [...path, beside], `\`${beside}\` cannot stand beside \`from\` here`, true)
  const reference = compilePath(raw['from'], report, [...path, 'from'], roots)
  return reference === undefined ? undefined : { paths: [reference.text], read: (scope) => reference.read(scope) }
}

/** What sources answer are rows: `{ from: asked.slots, by: id }` stands for the ids of all of them. */
function listSide(raw: Json, report: Report, path: Path, roots: readonly Root[]): Right | undefined {
  if (!isReference(raw) || !('by' in raw)) return rightSide(raw, report, path, roots)
  const { by, ...reference } = raw as { readonly by: Json; readonly from: Json }
  const read = compileMember(by)
  if (read === undefined) return fault(report, [...path, 'by'], '`by` names a member of the items, such as `id`')
  const list = rightSide(reference, report, path, roots)
  return (
    list && {
      paths: list.paths,
      read: (scope) => {
        const found = list.read(scope)
        return Array.isArray(found) ? found.map(read).filter((id) => id !== undefined) : undefined
      },
    }
  )
}

function equals(right: Right): Comparison {
  return {
    paths: right.paths,
    holds: (left, scope) => {
      const value = right.read(scope)
      // `{ path: null }` asks for absence; two absent paths are not equal answers.
      if (value === null) return left === undefined
      return left !== undefined && value !== undefined && same(left, value)
    },
  }
}

function same(left: Json, right: Json): boolean {
  if (typeof left === 'number' || typeof right === 'number') {
    const [a, b] = [asNumber(left), asNumber(right)]
    return a !== undefined && a === b
  }
  if (typeof left === 'boolean' || typeof right === 'boolean') return String(left) === String(right)
  if (typeof left === 'object' && typeof right === 'object') return canonicalText(left) === canonicalText(right)
  return left === right
}

/** Numbers where both sides stand for one, as text or not; else text against text, which is the order of ISO dates. */
function order(left: Json, right: Json, decide: (difference: number) => boolean): boolean {
  const [a, b] = [asNumber(left), asNumber(right)]
  if (a !== undefined && b !== undefined) return decide(a - b)
  if (typeof left !== 'string' || typeof right !== 'string') return false
  return decide(left < right ? -1 : left > right ? 1 : 0)
}

function items(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [value]
}

function isReference(raw: Json): raw is { readonly from: Json } {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) && 'from' in raw
}

function fault(report: Report, path: Path, message: string, atKey = false): undefined {
  report({ severity: 'error', path, code: 'FG_CONFIG_CONDITION', message, atKey })
  return undefined
}

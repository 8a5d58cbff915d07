import type { Path, Report } from '../config/issue.ts'
import type { Json } from '../plugin/json.ts'
import { didYouMean } from './nearest.ts'
import { ITEM_ROOTS, ROOTS, type Root, type Scope } from './scope.ts'

/** A path ready to read, for example `form.email` or `records.contact.url`. */
export interface CompiledPath {
  readonly text: string
  /** The value there; `undefined` where the path leads nowhere or to null. */
  read(scope: Scope): Json | undefined
}

const SEGMENT = /^[^\s.{}[\]`'"]+$/u

/** Checks a path and its root. A bad one is reported and `undefined`. */
export function compilePath(
  text: unknown,
  report: Report,
  path: Path,
  roots: readonly Root[],
): CompiledPath | undefined {
  const message = faultOf(text, roots)
  if (message !== undefined || typeof text !== 'string') {
    report({ severity: 'error', path, code: 'FG_CONFIG_PATH', message: message ?? 'a path is text' })
    return undefined
  }
  const segments = text.split('.')
  return { text, read: (scope) => readSegments(scope, segments) }
}

/** Reads a member of an item, for example `id` or `price.amount`; `undefined` where there is none or null. */
export type Member = (item: Json) => Json | undefined

/** Makes the name of a member ready to read; `undefined` where it is none. */
export function compileMember(text: unknown): Member | undefined {
  if (typeof text !== 'string' || !isNames(text)) return undefined
  const segments = text.split('.')
  return (item) => readSegments(item, segments)
}

/** Roots whose members belong to different things, so that one of them has to be named. */
const NAMED: Readonly<Record<string, string>> = {
  records: 'name the record: `records.<id>`',
  asked: 'name the ask: `asked.<name>`',
}

/** What is wrong with the root of a path in this place, or `undefined` when it is one of `roots`. */
export function rootFault(whole: string, roots: readonly Root[]): string | undefined {
  const [root = ''] = whole.split('.')
  if (roots.some((known) => known === root)) return Object.hasOwn(NAMED, whole) ? NAMED[whole] : undefined
  if (ITEM_ROOTS.some((known) => known === root)) return `\`${root}\` is known only inside \`each\``
  if (ROOTS.some((known) => known === root)) return `\`${root}\` is not known here: only ${listed(roots)}`
  const hint = didYouMean(root, roots)
  if (hint !== '') return `unknown root \`${root}\` in \`${whole}\`${hint}`
  return `\`${whole}\` does not begin with ${listed(roots)}: did you mean \`form.${whole}\`?`
}

function faultOf(text: unknown, roots: readonly Root[]): string | undefined {
  if (typeof text !== 'string' || text === '') return 'a path is text such as `form.email`'
  if (!isNames(text)) return `\`${text}\` is not a path: write names joined by dots, such as \`form.email\``
  return rootFault(text, roots)
}

function isNames(text: string): boolean {
  return text.split('.').every((segment) => SEGMENT.test(segment))
}

function readSegments(from: Scope | Json, segments: readonly string[]): Json | undefined {
  let current: unknown = from
  for (const segment of segments) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, segment)) return undefined
    // `length` is an own property of a list and no answer of anyone's.
    if (Array.isArray(current) && segment === 'length') return undefined
    current = Reflect.get(current, segment)
  }
  return current === null ? undefined : (current as Json | undefined)
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).map(quoted).join(', ')} or ${quoted(names.at(-1) ?? '')}`
}

function quoted(name: string): string {
  return `\`${name}\``
}

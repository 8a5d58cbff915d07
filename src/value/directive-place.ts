import type { Path, Report } from '../config/issue.ts'
import { DIRECTIVES } from '../config/schema/value.ts'
import type { Json } from '../plugin/json.ts'
import type { ValueOptions } from './options.ts'
import type { CompiledValue, Root } from './scope.ts'

/** A directive as it was written. */
export type RawMembers = Readonly<Record<string, unknown>>

/** Where a directive stands, and what is legal there. */
export interface DirectivePlace {
  readonly report: Report
  readonly path: Path
  readonly roots: readonly Root[]
  readonly write: boolean
  readonly images: ReadonlyMap<string, string> | undefined
  /** Compiles a value that stands inside this one: the same is legal there, unless `options` say otherwise. */
  inner(raw: unknown, path: Path, options?: ValueOptions): CompiledValue
}

/** Keys that may stand beside any directive. */
export const MODIFIERS: readonly string[] = ['apply', 'lookup', 'pick', 'default', 'when', 'on_fail']

/** Keys that may stand beside a directive where a record's field is written. */
export const WRITE_KEYS: readonly string[] = ['write', 'clear', 'order']

/**
 * Whether an object is a directive. Items of lists on screens have a member `image` of their own, so that key makes a
 * directive only where it holds text and nothing but modifiers stands beside it, or where literal objects are refused.
 */
export function isDirective(raw: object, objects: ValueOptions['objects'] = 'literal'): boolean {
  const [first, ...more] = DIRECTIVES.filter((key) => Object.hasOwn(raw, key))
  if (first !== 'image' || more.length > 0 || objects === 'refused') return first !== undefined
  const text = typeof Reflect.get(raw, first) === 'string'
  return text && Object.keys(raw).every((key) => key === first || MODIFIERS.includes(key))
}

/** The place of one member of the directive. */
export function under(place: DirectivePlace, key: string): Path {
  return [...place.path, key]
}

/** Reports a mistake in one member of the directive. */
export function fault(place: DirectivePlace, key: string, message: string): void {
  place.report({ severity: 'error', path: under(place, key), code: 'FG_CONFIG_VALUE', message })
}

/** A value that is the same for everyone. */
export function constant(value: Json | undefined): CompiledValue {
  return { paths: [], evaluate: () => Promise.resolve(value) }
}

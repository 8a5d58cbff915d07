import Type from 'typebox'
import type { Json } from '../../plugin/json.ts'

export { LANGUAGE_PATTERN } from './names.ts'

/** One step of `apply`: a transform's name, or its name with its options. */
export type RawStep = string | { readonly [transform: string]: Json }

/** A directive: exactly one of DIRECTIVES, then what is done with its result. */
export interface RawDirective {
  readonly from?: string
  readonly first_of?: readonly string[]
  readonly template?: string
  readonly value?: Json
  readonly expr?: string
  readonly each?: string
  /** Beside `each`: which items. */
  readonly where?: RawCondition
  /** Beside `each`: what becomes of an item. */
  readonly as?: RawValue
  readonly choose?: readonly { readonly when?: RawCondition; readonly value: RawValue }[]
  readonly by_language?: { readonly [language: string]: RawValue }
  readonly that?: RawCondition
  readonly image?: string
  readonly apply?: readonly RawStep[]
  readonly lookup?: { readonly [from: string]: Json }
  readonly pick?: { readonly in: string | readonly Json[]; readonly by?: string; readonly take?: string }
  readonly default?: Json
  readonly when?: RawCondition
  readonly write?: string
  readonly clear?: boolean
  readonly order?: readonly Json[]
  readonly on_fail?: 'fail' | 'leave_out' | 'keep'
}

/** A value as an operator writes it: a literal (whose members may be directives), or a directive. */
export type RawValue = Json | RawDirective | readonly RawValue[] | { readonly [key: string]: RawValue }

/** A condition as an operator writes it: `{ path: literal }`, `{ path: { gte: 3 } }`, `{ all|any: [...] }`, `{ not: … }`. */
export interface RawCondition {
  readonly [pathOrCombinator: string]: Json | RawCondition | readonly RawCondition[]
}

/** Where a value comes from: an object with one of these keys is worked out for each person. */
export const DIRECTIVES = [
  ...(['from', 'first_of', 'template', 'value', 'expr'] as const),
  ...(['each', 'choose', 'by_language', 'that', 'image'] as const),
] as const

/** How the field of a record is written where something may stand in it already. */
export const WRITE_POLICIES = ['overwrite', 'if_empty', 'create_only', 'append', 'forward_only', 'never'] as const

export type WritePolicy = (typeof WRITE_POLICIES)[number]

/** A condition in a file's schema. */
export const Condition = Type.Unsafe<RawCondition>({ $ref: '#/$defs/condition' })

/** A value in a file's schema. */
export const Value = Type.Unsafe<RawValue>({ $ref: '#/$defs/value' })

/**
 * What `Value` and `Condition` refer to while a file is loaded: hardly anything, for the value language's own compiler
 * says better what is wrong. Editors get the whole language instead.
 */
export const LOOSE_DEFINITIONS = { value: {}, condition: { type: 'object', minProperties: 1 } } as const

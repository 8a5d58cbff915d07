import type { Path, Report } from '../../config/issue.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'
import { ValueError } from '../value-error.ts'

/** One named step of `apply`: its sentence, its options and its examples are its documentation and its tests. */
export interface Transform {
  readonly name: string
  /** One sentence for operators: what comes out, and what is refused. */
  readonly doc: string
  /** `each`: a list is transformed item by item. `whole`: the list itself is what is transformed. */
  readonly lists: 'each' | 'whole'
  readonly options: Readonly<Record<string, OptionSchema>>
  /** The option that `{ name: value }` sets when the value is not an object. */
  readonly main?: string
  readonly examples: readonly Example[]
  /** Checks the options once; what comes back is run for every person. */
  prepare(options: JsonObject, report: Report, path: Path): (value: Json) => Json
}

/** The part of JSON Schema that options need. */
export interface OptionSchema {
  readonly type: 'string' | 'integer'
  readonly description: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly required?: true
}

/** An example that is executed by a test and shown in the reference. */
export type Example =
  | { readonly input: Json; readonly options?: Json; readonly output: Json }
  | { readonly input: Json; readonly options?: Json; readonly fails: string }

/** The refusal of a value. `why` names the rule, never the value. */
export function refusal(transform: string, why: string): ValueError {
  return new ValueError('FG_VALUE_TRANSFORM', `${transform}: ${why}`, transform)
}

/** The text a transform works on: numbers and booleans are taken as their text; objects and lists are refused. */
export function textOf(transform: string, value: Json): string {
  if (typeof value === 'object') throw refusal(transform, 'needs text, not an object or a list')
  return String(value)
}

/** A transform from text to text without options. */
export function textTransform(
  name: string,
  doc: string,
  change: (text: string) => string,
  examples: readonly Example[],
): Transform {
  return { name, doc, lists: 'each', options: {}, examples, prepare: () => (value) => change(textOf(name, value)) }
}

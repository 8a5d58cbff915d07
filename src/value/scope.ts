import type { Json, JsonObject } from '../plugin/json.ts'

/**
 * What a value or condition may refer to. `form`: the answers so far. `person`: attributes bound to the token or worked
 * out when the run began. `session`: the run itself, such as id, screen, language. `flow`: name, title, version. `data`:
 * what the answered screen showed. `sent`: the data of this very request. `asked`: what sources answered, by the name of
 * the ask. `values`: what the flow works out itself, by name. `checks`: what checks came to, by id. `records`: receipts of records delivered before (`id`, `url`,
 * `outcome`), only in mappings. `item` and `position`: only inside `each`.
 */
export interface Scope {
  readonly form: JsonObject
  readonly person: JsonObject
  readonly session: JsonObject
  readonly flow: JsonObject
  readonly data: JsonObject
  readonly sent: JsonObject
  readonly asked: JsonObject
  readonly values: JsonObject
  readonly checks: JsonObject
  readonly records: JsonObject
  readonly item?: Json
  readonly position?: number
}

export type Root = keyof Scope

/** Every root there is outside `each`. Which of them exist where is said by FLOW_ROOTS and MAPPING_ROOTS. */
export const ROOTS: readonly Root[] = [
  ...(['form', 'person', 'session', 'flow', 'data'] as const),
  ...(['sent', 'asked', 'values', 'checks', 'records'] as const),
]

/** The roots that `each` adds for its own `where` and `as`. */
export const ITEM_ROOTS: readonly Root[] = ['item', 'position']

/** A scope in which every path leads nowhere: what is known is spread over it. */
export const EMPTY_SCOPE: Scope = {
  form: {},
  person: {},
  session: {},
  flow: {},
  data: {},
  sent: {},
  asked: {},
  values: {},
  checks: {},
  records: {},
}

/** A value ready to evaluate. `undefined` means absent: left out, never sent as empty text. Rejects with a ValueError. */
export interface CompiledValue {
  /** Every path the value refers to, for cross-checks, for example `form.email`. */
  readonly paths: readonly string[]
  evaluate(scope: Scope): Promise<Json | undefined>
}

/** A condition ready to test. Never throws: a path that leads nowhere makes a comparison false. */
export interface CompiledCondition {
  readonly paths: readonly string[]
  test(scope: Scope): boolean
}

import type { Json, JsonObject } from '../plugin/json.ts'

/**
 * What a value or condition may refer to. `form`: the answers so far. `person`: attributes bound to the token.
 * `session`: id, screen, language, variant, source. `flow`: name, title, version. `data`: what the answered screen showed.
 * `records`: receipts of records delivered before (`id`, `url`, `outcome`), only in mappings.
 */
export interface Scope {
  readonly form: JsonObject
  readonly person: JsonObject
  readonly session: JsonObject
  readonly flow: JsonObject
  readonly data: JsonObject
  readonly records: JsonObject
}

export type Root = keyof Scope

export const ROOTS: readonly Root[] = ['form', 'person', 'session', 'flow', 'data', 'records']

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

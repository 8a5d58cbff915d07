import { FailureError, type Json, type JsonObject } from 'flowgate/plugin'
import type { PlaceRule, Places } from '../places/places.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/u

/** Places of a query are the names of its parameters. */
export const parameterRule: PlaceRule = (place) =>
  NAME.test(place) ? undefined : 'write {name} for a parameter, {{ and }} for braces'

/** The values that the places of one question are filled with: every parameter must be there. */
export class Parameters implements Places {
  readonly #values: JsonObject
  readonly #key: string

  /** `key` is what a reservation is held under: the place `{key}`. */
  constructor(values: JsonObject, key: string) {
    this.#values = values
    this.#key = key
  }

  value(name: string): Json {
    if (name === 'key') return this.#key
    const value = Object.hasOwn(this.#values, name) ? this.#values[name] : undefined
    if (value === undefined) throw this.unusable(name, 'is missing')
    return value
  }

  /** Only text, numbers, true and false can stand in a text. */
  text(name: string, value: Json = this.value(name)): string {
    if (value === null) throw this.unusable(name, 'is empty')
    if (typeof value === 'object') throw this.unusable(name, 'is a list or an object, which has no place in a text')
    return String(value).toWellFormed()
  }

  unusable(name: string, why: string): FailureError {
    const message = `The parameter ${name} ${why}. Correct what the flow passes to this query.`
    return new FailureError({ kind: 'permanent', scope: 'record', code: 'FG_HTTP_SOURCE_PARAMETER', message })
  }
}

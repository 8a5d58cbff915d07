import { FailureError, type Json, type JsonObject } from 'flowgate/plugin'

/** The values that the places of one question are filled with. Refuses, naming the place and never its value. */
export class Parameters {
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

  /** For places inside a text, where only text, numbers, true and false can stand; `value` is one of a list. */
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

import type { FailureError, Json, JsonObject } from 'flowgate/plugin'
import { refused } from '../calls/failure.ts'
import type { PlaceRule, Places } from './places.ts'

/** Places are paths into a scope. `known`: `key`, `fields.*` (anything below), `match.value`. */
export function scopeRule(known: readonly string[]): PlaceRule {
  const list = known.map((name) => `{${name.replace('*', '<name>')}}`).join(', ')
  return (place) => {
    const steps = place.split('.')
    const fits = known.some((name) => {
      if (!name.endsWith('.*')) return name === place
      return place.startsWith(name.slice(0, -1)) && steps.every((step) => step.trim() !== '')
    })
    return fits ? undefined : `there is ${list}; write {{ and }} for braces`
  }
}

/** What the places of one delivery are filled with. What is not there is left out, and so is what stands for nothing else. */
export class ScopePlaces implements Places {
  readonly #scope: JsonObject

  constructor(scope: JsonObject) {
    this.#scope = scope
  }

  value(place: string): Json | undefined {
    return place.split('.').reduce<Json | undefined>(member, this.#scope)
  }

  text(place: string, value: Json | undefined = this.value(place)): string | undefined {
    if (value === undefined) return undefined
    // What clears a field is empty inside a text.
    if (value === null) return ''
    if (typeof value === 'object') throw this.unusable(place, 'is a list or an object, which has no place in a text')
    return String(value).toWellFormed()
  }

  unusable(place: string, why: string): FailureError {
    const field = /^fields\.(.+)$/u.exec(place)?.[1]
    const message = `${field === undefined ? `{${place}}` : `The field ${field}`} ${why}. Correct the mapping, or validate the field it comes from.`
    return refused('FG_HTTP_VALUE', message, field === undefined ? undefined : [field])
  }
}

function member(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
    return undefined
  return Reflect.get(value, name)
}

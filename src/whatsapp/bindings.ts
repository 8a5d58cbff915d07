import type { JsonObject } from '../plugin/json.ts'
import { boundKey, type Component } from './components.ts'
import { isObject } from './json-shape.ts'

/** Which data keys of a screen carry errors and first values, as `FlowJsonScreen` has them. */
export interface Bindings {
  readonly errorMessagesKeys: ReadonlySet<string>
  readonly errorMessageKeys: ReadonlyMap<string, string>
  readonly initValuesKeys: ReadonlySet<string>
  readonly initValueKeys: ReadonlyMap<string, string>
}

/** Collects the bindings of a screen: of a whole Form (an object by field name) and, since Flow JSON 4.0, of single components. */
export function bindingsOf(components: readonly Component[]): Bindings {
  const errors = { all: new Set<string>(), single: new Map<string, string>() }
  const inits = { all: new Set<string>(), single: new Map<string, string>() }
  for (const { node } of components) {
    collect(node, 'error-messages', 'error-message', errors)
    collect(node, 'init-values', 'init-value', inits)
  }
  return {
    errorMessagesKeys: errors.all,
    errorMessageKeys: errors.single,
    initValuesKeys: inits.all,
    initValueKeys: inits.single,
  }
}

interface Bound {
  readonly all: Set<string>
  readonly single: Map<string, string>
}

/** A Form may bind its whole attribute to one key, or write it out with one key for each field. */
function collect(node: JsonObject, whole: string, one: string, bound: Bound): void {
  const key = boundKey(node[whole])
  if (key !== undefined) bound.all.add(key)
  const written = node[whole]
  if (isObject(written)) {
    for (const [field, value] of Object.entries(written)) {
      const fieldKey = boundKey(value)
      if (fieldKey !== undefined) bound.single.set(fieldKey, field)
    }
  }
  const single = boundKey(node[one])
  const { name } = node
  if (single !== undefined && typeof name === 'string') bound.single.set(single, name)
}

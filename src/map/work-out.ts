import type { Failure } from '../plugin/index.ts'
import type { Json } from '../plugin/json.ts'
import type { CompiledValue, Scope } from '../value/scope.ts'
import { isBlank } from '../value/text.ts'
import { ValueError } from '../value/value-error.ts'
import type { RecordField } from './model.ts'

/** The values of several fields: those present, and why others could not be worked out. */
export interface WorkedOut {
  readonly values: ReadonlyMap<string, Json>
  readonly faults: ReadonlyMap<string, ValueError>
}

/**
 * Evaluates every value, so that an operator sees all faults at once. Blank ones are left out: a blank answer clears a
 * field only where that is said, and is `null` then.
 */
export async function workOut(
  fields: Iterable<readonly [string, CompiledValue & Partial<RecordField>]>,
  scope: Scope,
): Promise<WorkedOut> {
  const values = new Map<string, Json>()
  const faults = new Map<string, ValueError>()
  for (const [name, value] of fields) {
    try {
      const result = await value.evaluate(scope)
      if (!isBlank(result) || (result === null && value.writing?.clear)) values.set(name, result)
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      faults.set(name, error)
    }
  }
  return { values, faults }
}

/** One failure for all faults of an item. It names fields and rules, never answers. */
export function mapFailure(what: string, faults: ReadonlyMap<string, ValueError>): Failure {
  const reasons = Array.from(faults, ([name, error]) => `\`${name}\` (${error.message})`)
  const message = `${what}: cannot work out ${reasons.join(', ')}. Correct the mapping, or set on_fail, then replay.`
  return { kind: 'permanent', scope: 'record', code: 'FG_MAP_VALUE', message, fields: [...faults.keys()] }
}

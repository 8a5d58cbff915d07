import type { Path, Report } from '../config/issue.ts'
import type { RawCondition, RawValue } from '../config/schema/value.ts'
import { compileCondition } from '../value/condition.ts'
import { FLOW_ROOTS } from '../value/options.ts'
import type { CompiledCondition, CompiledValue } from '../value/scope.ts'
import { compileValue } from '../value/value.ts'

/** What every part of a flow is compiled with. */
export interface Workshop {
  readonly report: Report
  readonly images: ReadonlyMap<string, string>
}

/** One value of a flow, which may refer to whatever flows may. */
export function compileFlowValue(raw: RawValue, path: Path, { report, images }: Workshop): CompiledValue {
  return compileValue(raw, report, path, { roots: FLOW_ROOTS, images })
}

/** Values by name. */
export function compileValues(
  values: Readonly<Record<string, RawValue>>,
  path: Path,
  shop: Workshop,
): ReadonlyMap<string, CompiledValue> {
  return new Map(Object.entries(values).map(([key, raw]) => [key, compileFlowValue(raw, [...path, key], shop)]))
}

/** A `when` of a flow as the member of what it belongs to; empty where there is none. */
export function compileWhen(
  raw: RawCondition | undefined,
  path: Path,
  { report }: Workshop,
): { readonly when?: CompiledCondition } {
  if (raw === undefined) return {}
  return { when: compileCondition(raw, report, [...path, 'when'], { roots: FLOW_ROOTS }) }
}

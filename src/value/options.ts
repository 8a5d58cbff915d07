import { ROOTS, type Root } from './scope.ts'

/** What is legal where a value, template or condition stands. */
export interface ValueOptions {
  /** Roots that exist here. Default: those of flows. */
  readonly roots?: readonly Root[]
  /** `refused`: an object must be a directive (record fields and facts). Default `literal`: its members are values again. */
  readonly objects?: 'literal' | 'refused'
  /** Whether `write` may be used: only where a record's field is written. Default false. */
  readonly write?: boolean
  /** What `image` may name: file name → base64 text. Default: none, and `image` is refused. */
  readonly images?: ReadonlyMap<string, string> | undefined
}

/** Roots in flows: while a person is in the form, nothing has been delivered. */
export const FLOW_ROOTS: readonly Root[] = ROOTS.filter((root) => root !== 'records')

/** Roots in mappings: what belonged to one request is gone when a submission is delivered. */
export const MAPPING_ROOTS: readonly Root[] = ['form', 'person', 'session', 'flow', 'data', 'records']

import { ROOTS, type Root } from './scope.ts'

/** What is legal where a value, template or condition stands. */
export interface ValueOptions {
  /** Roots that exist here. Default: all but `records`, which only mappings have. */
  readonly roots?: readonly Root[]
  /** `refused`: an object must be a directive (record fields and facts). Default `literal`: its members are values again. */
  readonly objects?: 'literal' | 'refused'
  /** Whether `write` may be used: only where a record's field is written. Default false. */
  readonly write?: boolean
}

/** Roots outside mappings. */
export const FLOW_ROOTS: readonly Root[] = ROOTS.filter((root) => root !== 'records')

/** Where in a parsed file something stands: keys and indexes from the root. */
export type Path = readonly (string | number)[]

/** What a compiler or cross-check found, before it is known where in the file that stands. */
export interface Finding {
  /** `error` refuses the configuration; `advice` never does. */
  readonly severity: 'error' | 'advice'
  readonly path: Path
  /** `FG_CONFIG_…`, listed in the error catalogue. */
  readonly code: string
  /** One sentence naming the thing and what is wrong with it, with "did you mean" where a near name exists. */
  readonly message: string
  /** Point at the key itself instead of its value. */
  readonly atKey?: boolean
}

export type Report = (finding: Finding) => void

/** A finding placed in its file. `line` and `column` count from 1. */
export interface Issue {
  readonly severity: 'error' | 'advice'
  readonly code: string
  readonly message: string
  /** Relative to the configuration folder. */
  readonly file: string
  readonly line: number
  readonly column: number
}

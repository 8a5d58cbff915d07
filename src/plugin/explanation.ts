/** What an error code means and what cures it: a sentence each, for the operator who meets it. */
export interface Explanation {
  readonly meaning: string
  readonly cure: string
}

/** Codes and their explanations. */
export type Explanations = Readonly<Record<string, Explanation>>

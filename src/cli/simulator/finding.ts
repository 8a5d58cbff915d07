/** What the simulator can find wrong with a gateway's answers. */
export type FindingKind =
  | 'no-answer'
  | 'http-status'
  | 'unopened'
  | 'shape'
  | 'unknown-screen'
  | 'unreachable-screen'
  | 'not-entry-screen'
  | 'undeclared-key'
  | 'missing-key'
  | 'mistyped-key'
  | 'missing-flow-token'
  | 'other-screen'
  | 'refused'
  | 'not-sent'
  | 'not-offered'
  | 'not-refilled'
  | 'different-answers'
  | 'too-large'

/** One thing that is wrong, and where it showed. */
export interface Finding {
  readonly kind: FindingKind
  readonly message: string
}

/** One line of a transcript: `→` to the gateway, `←` from it, `·` on the phone itself. */
export interface TranscriptLine {
  readonly arrow: '→' | '←' | '·'
  readonly text: string
  readonly ms?: number
}

/** What one check of a simulation came to. It passed when nothing was found. */
export interface Verdict {
  readonly check: string
  /** What was played, for example the name of an operator's test. */
  readonly title: string
  readonly findings: readonly Finding[]
  readonly lines: readonly TranscriptLine[]
  /** Why it was not played at all. */
  readonly skipped?: string
}

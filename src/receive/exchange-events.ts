import type { PlacedFault } from '../flow/answer.ts'

/** What every event of an exchange names. */
type About = {
  readonly flow: string
  readonly requestId: string
}

/** What happened in an exchange, for logs, metrics and alerts. No answers of people, no tokens. */
export interface ExchangeEvents {
  submitted(event: About & { submissionId: string; repeat: boolean; occasion: 'submitted' | 'handed_over' }): void
  refused(event: About & { screen: string; fields: readonly string[] }): void
  /** A form was not accepted: required answers of earlier screens are missing. */
  incomplete(event: About & { screen: string; fields: readonly string[] }): void
  /** An answer broke the Flow JSON and a fallback went out instead. */
  rejected(event: About & { screen: string; faults: readonly PlacedFault[] }): void
  /** An answer went out that an operator should look at: a list cut, a size that is suspect. */
  remarked(event: About & { screen: string; remarks: readonly string[] }): void
  /** Sources could not answer, and what is declared for that was done. */
  unavailable(event: About & { screen: string; asks: readonly string[] }): void
  /** A version was named, by a token, a session or a payload, that is not configured. */
  unknownVersion(event: About & { version: string }): void
  /** A person came back to an unfinished form after half an hour or more. `seconds` since they were there last. */
  resumed(event: About & { seconds: number }): void
  expired(event: About): void
  /** Something of ours broke, most likely the database; the person was asked to try again. */
  failed(event: About & { error: unknown }): void
}

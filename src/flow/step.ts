import type { PlacedFault } from './answer.ts'
import type { Reservation } from './asking.ts'
import type { ScreenAnswer, Session } from './session.ts'

/**
 * What one exchange comes to.
 * `stay`: answer, nothing moves. `move`: store the session, then answer. `submit`: accept the form, or the hand-over, and
 * store the session in one transaction, then answer. `rejected` beside any of them: the answer that was meant broke the
 * Flow JSON, and what is sent instead is a fallback that moves nothing; beside `submit` it closes the flow.
 */
export interface Step {
  readonly kind: 'stay' | 'move' | 'submit'
  readonly answer: ScreenAnswer
  /** The session after the step. */
  readonly session: Session
  /** What a submission came of. Default `submitted`. */
  readonly occasion?: 'submitted' | 'handed_over'
  readonly rejected?: { readonly screen: string; readonly faults: readonly PlacedFault[] }
  /** What an operator should know of the answer, although it goes out. */
  readonly remarks?: readonly string[]
  /** Required answers of earlier screens that are missing: the form was not accepted. */
  readonly incomplete?: readonly string[]
  /** Names of the fields and checks refused, for events; never what was typed. */
  readonly refused?: readonly string[]
  /** Asks whose source could not answer. */
  readonly unavailable?: readonly string[]
  /** Held for this run before, and to be given back once the step is stored. */
  readonly givesBack?: readonly Reservation[]
}

/**
 * Why a delivery did not happen, in the terms the gateway acts on.
 *
 * `retryable`: the same call may pass later. `rate-limited`: it may pass after `retryAfterSeconds`; not counted as an
 * attempt. `permanent` with scope `record`: this input can never pass; with scope `destination`: nothing will pass until
 * someone repairs the account, which `health` is asked about, unless it says `byHand`. `unknown`: the call may have landed
 * and nothing can tell, so it is never repeated blindly.
 *
 * `rate-limited` and `permanent` promise that this call wrote nothing, or that repeating it is harmless. `retryable`
 * promises neither, unless it says `nothingWritten`: the next attempt is told that it is uncertain.
 *
 * `message` is shown to operators: it says what to do and holds no secret and no answer of a person.
 */
export type Failure =
  | {
      readonly kind: 'retryable'
      readonly code: string
      readonly message: string
      /** The request never left, or was turned away before anything was made of it: no connection, 503. The next attempt is not uncertain because of it. */
      readonly nothingWritten?: true
    }
  | {
      readonly kind: 'rate-limited'
      readonly code: string
      readonly message: string
      readonly retryAfterSeconds: number
    }
  | {
      readonly kind: 'permanent'
      readonly code: string
      readonly message: string
      readonly scope: 'record' | 'destination'
      /**
       * Only of scope `destination`, and only where `health` cannot see it: the vendor wants nothing more until a person has done
       * something, such as a webhook that answers 410. The destination stays paused until somebody resumes it or its settings
       * change; meanwhile nothing is sent and nobody is asked.
       */
      readonly byHand?: true
      /** Names of the input fields at fault, where the vendor says them. */
      readonly fields?: readonly string[]
      /** The vendor's ids of several records that fit alike: a person chooses one of them, and the delivery goes on with it. */
      readonly candidates?: readonly string[]
      /**
       * The settings say that the one candidate is the record: the gateway reads it, applies what the mapping says of records
       * that stand, and writes it by id, within the same attempt. Only for a record that is `guarded` and has no `existing`.
       */
      readonly adopt?: true
    }
  | { readonly kind: 'unknown'; readonly code: string; readonly message: string }

/** Thrown by a plugin that already knows the class of its failure. `classify` need not handle it. */
export class FailureError extends Error {
  override readonly name = 'FailureError'
  readonly failure: Failure

  constructor(failure: Failure, options?: ErrorOptions) {
    super(`${failure.code}: ${failure.message}`, options)
    this.failure = failure
  }
}

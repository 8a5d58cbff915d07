import type { Failure } from './failure.ts'
import type { Json } from './json.ts'

/** One call of the gateway to a plugin. The gateway is the only authority on retries. */
export interface Call {
  /** Aborts at the destination's deadline (`answer_within_ms`) or when the process stops. The plugin must end its sockets. */
  readonly signal: AbortSignal
  /** Stable over all attempts of one delivery; unique per submission and record or notification. At most 64 characters. */
  readonly idempotencyKey: string
  /** 1 for the first. */
  readonly attempt: number
  /**
   * An earlier try may have landed: it failed as `retryable` or `unknown`, or its process died. Look before writing again.
   * Where nothing can tell, throw a failure of kind `unknown`.
   */
  readonly uncertain: boolean
  /** The operator chose to send again although it may have landed: mark it visibly as a possible repeat. */
  readonly resend: boolean
}

/** What a vendor confirmed. `id` is the vendor's id of the record or message, `url` a link a person can open. */
export interface Receipt {
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'sent'
  readonly id: string
  readonly url?: string
}

/** Whether a destination would accept a delivery now. `account` names whose account it is, for the operator. */
export type Health = { readonly ok: true; readonly account: string } | { readonly ok: false; readonly failure: Failure }

/** One object to write into a CRM, already mapped. */
export interface CrmRecord {
  /** The record's id in the mapping file, for example `contact`. */
  readonly id: string
  /** The vendor's object, for example `contacts`. */
  readonly object: string
  readonly operation: 'create' | 'upsert'
  /** For an upsert: the field whose value finds the record. Always present in `fields` with a non-empty value. */
  readonly match?: string
  readonly fields: Readonly<Record<string, Json>>
  /** Records delivered before this one that it must be linked to. `id` is the vendor's. */
  readonly links: readonly RecordLink[]
}

export interface RecordLink {
  readonly object: string
  readonly id: string
}

/** One message to people. All text is plain: the plugin escapes it for its channel. */
export interface Message {
  readonly title: string
  readonly text?: string
  readonly facts: readonly { readonly label: string; readonly value: string }[]
  readonly link?: { readonly label: string; readonly url: string }
  /** Whether the record the message is about was created by this submission or was there before. */
  readonly record?: 'new' | 'known'
}

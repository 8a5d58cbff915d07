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
  /** For an upsert: the field whose value finds the record. Present in `fields` with a non-empty value, unless `existing` says which record it is. */
  readonly match?: string
  /** What to write. `null` clears the field; a field that is not here is left as it is. */
  readonly fields: Readonly<Record<string, Json>>
  /** Records delivered before this one that it must be linked to. `id` is the vendor's. */
  readonly links: readonly RecordLink[]
  /** For an upsert: the vendor's id of the record to update, where the gateway knows it already. Look for nothing then, and create nothing. */
  readonly existing?: string
  /** A person decided that this is a record of its own, however much it is like others: rules of the vendor that warn of duplicates are overruled. */
  readonly separate?: true
  /**
   * Its fields were chosen for a record that is new or for the one named in `existing`. Where the vendor turns out to have
   * another, write nothing and throw a failure with that one as the one candidate and `adopt`.
   */
  readonly guarded?: true
  /** Files to attach to the record, each once. Left out where there are none. */
  readonly files?: readonly AttachedFile[]
}

/** A file of a submission. */
export interface AttachedFile {
  /** As the person's phone named it, without folders. */
  readonly name: string
  /** For example `image/jpeg`. */
  readonly mediaType: string
  /** Fetches the content, whole and verified. Rejects with a FailureError. */
  read(signal: AbortSignal): Promise<Uint8Array>
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
  /** Who is told, where the mapping says so; else the destination's own choice. */
  readonly recipient?: Recipient
  /** The CRM has not confirmed every record yet: the message must say so. A link to one that is not confirmed is left out. */
  readonly late?: true
  /**
   * The receipt of the late message that this one completes. Change that message where the channel can; else send a short
   * one that says what it completes, and carries the link.
   */
  readonly completes?: Receipt
}

/** Whom one message is for. Never an address that a form holds. */
export type Recipient =
  /** A name from the destination's own directory of recipients. */
  | { readonly kind: 'named'; readonly name: string }
  /** Who owns a record in the CRM; `otherwise` names whom to tell where the channel does not know the owner. */
  | { readonly kind: 'owner'; readonly owner: Owner; readonly otherwise?: string }
  /** The person who filled the form, by an address that was verified before: it came with a token of ours or from WhatsApp. */
  | { readonly kind: 'person'; readonly email?: string; readonly phone?: string }

/** Who owns a record, in the CRM's words. */
export interface Owner {
  /** The vendor's id of the owner. */
  readonly id: string
  readonly email?: string
  readonly name?: string
}

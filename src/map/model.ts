import type { MappingFile } from '../config/schema/mapping.ts'
import type { CompiledCondition, CompiledValue } from '../value/scope.ts'
import type { Writing } from '../value/writing.ts'

/** What a submission came of: a finished form, a person handed over to people, a form opened after its end. */
export type Occasion = 'submitted' | 'handed_over' | 'expired'

/** How the submissions of one flow become records and notifications. Immutable; `hash` names its content for ever. */
export interface Mapping {
  /** SHA-256 of the canonical content, hex. */
  readonly hash: string
  readonly content: MappingFile
  /** Names tried in turn as `person.<name>`, then `form.<name>`: the first present one identifies the person. */
  readonly identity: readonly string[]
  readonly dedupe: {
    readonly windowSeconds: number
    readonly ignore: ReadonlySet<string>
    readonly onRepeat: 'drop' | 'new'
  }
  /** Form fields that hold personal data. */
  readonly personal: ReadonlySet<string>
  /** Of all occasions, in the order written: those at the top, of `hand_over`, of `expired`. Their ids differ. */
  readonly records: readonly RecordMapping[]
  /** As `records`. */
  readonly notifications: readonly NotificationMapping[]
  /** Those for which there is anything to deliver. */
  readonly occasions: ReadonlySet<Occasion>
}

/** What records and notifications have in common: where it goes, when, and what must be delivered first. */
export interface Item {
  readonly id: string
  readonly to: string
  readonly occasion: Occasion
  readonly when?: CompiledCondition
  /** Ids of records of the same occasion that must be delivered (or skipped) before this one: `after`, `links` and every `records.<id>` it refers to. */
  readonly waitsFor: readonly string[]
}

export interface RecordMapping extends Item {
  readonly object: string
  readonly operation: 'upsert' | 'create'
  readonly match?: string
  /** Records this one is linked to, in the order written. */
  readonly links: readonly string[]
  readonly fields: ReadonlyMap<string, RecordField>
  /** What stood in the record is kept before every write. */
  readonly keepBefore: boolean
  /** Media answers whose files are attached. */
  readonly files: readonly CompiledValue[]
}

/** One field of a record: what is written, and how. */
export interface RecordField extends CompiledValue {
  readonly writing: Writing
}

export interface NotificationMapping extends Item {
  /** Who is told; absent: the destination's own choice. */
  readonly recipient?: RecipientMapping
  /** Seconds after acceptance at which it goes out although its records are not confirmed; absent: never. */
  readonly lateAfterSeconds?: number
  readonly title: CompiledValue
  readonly text?: CompiledValue
  readonly facts: readonly { readonly label: string; readonly value: CompiledValue }[]
  readonly link?: { readonly label: string; readonly url: CompiledValue }
}

/** Whom a notification is for, before a submission is known. */
export type RecipientMapping =
  | { readonly kind: 'named'; readonly name: CompiledValue }
  /** Who owns the record of this id; `otherwise` names whom to tell where nobody is known to. */
  | { readonly kind: 'owner'; readonly record: string; readonly otherwise?: string }
  | { readonly kind: 'person'; readonly by: 'email' | 'phone' }

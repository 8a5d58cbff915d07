import type { MappingFile } from '../config/schema/mapping.ts'
import type { CompiledCondition, CompiledValue } from '../value/scope.ts'

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
  readonly fields: ReadonlyMap<string, CompiledValue>
}

export interface NotificationMapping extends Item {
  readonly title: CompiledValue
  readonly text?: CompiledValue
  readonly facts: readonly { readonly label: string; readonly value: CompiledValue }[]
  readonly link?: { readonly label: string; readonly url: CompiledValue }
}

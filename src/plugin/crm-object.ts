/** A kind of record as a CRM has it now. */
export interface CrmObject {
  /** The vendor's name, as mappings write it. */
  readonly name: string
  readonly label: string
  readonly fields: readonly CrmField[]
}

/** One field of it. */
export interface CrmField {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'number' | 'boolean' | 'date' | 'datetime' | 'choice' | 'choices' | 'reference' | 'other'
  /** A record cannot be created without it. */
  readonly required: boolean
  /** The credentials in use may write it. */
  readonly writable: boolean
  /** No two records have the same value. */
  readonly unique: boolean
  /** Longest text in characters, where there is a limit. */
  readonly maxLength?: number
  /** What may stand in it, where that is a closed list. */
  readonly options?: readonly CrmOption[]
}

export interface CrmOption {
  /** As mappings must write it. */
  readonly value: string
  readonly label: string
}

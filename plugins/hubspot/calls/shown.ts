import type { Labelled, ShownOwner, ShownProperty, ShownRecord } from './api.ts'
import { UnansweredError } from './exchange.ts'

// The SDK types what HubSpot shows as always there; what is not HubSpot, or an older account, leaves parts of it out.

/** The items of a list. Rejects an answer that has none. */
export function listed<Item>(items: readonly Item[] | undefined): readonly Item[] {
  if (!Array.isArray(items)) throw new UnansweredError('unreadable', 'The answer holds no results')
  return items
}

/** A record that has an id. Its values are text, also where the answer holds numbers or booleans. */
export function shownRecord({ id, properties }: Partial<ShownRecord>): ShownRecord {
  if (!id) throw new UnansweredError('unreadable', 'The record has no id')
  const held: Readonly<Record<string, unknown>> = properties ?? {}
  const texts = Object.entries(held).map(([name, value]) => [name, isNone(value) ? null : String(value)] as const)
  return { id: String(id), properties: Object.fromEntries(texts) }
}

function isNone(value: unknown): boolean {
  return value === null || value === undefined
}

interface SdkProperty {
  readonly name: string
  readonly label?: string
  readonly type?: string
  readonly fieldType?: string
  readonly hasUniqueValue?: boolean
  readonly calculated?: boolean
  readonly modificationMetadata?: { readonly readOnlyValue?: boolean }
  readonly options?: readonly { readonly value: string; readonly label?: string }[]
}

/** What there is to know of a property. */
export function shownProperty(property: SdkProperty): ShownProperty {
  const { name, label = name, type = 'string', fieldType = 'text', options = [] } = property
  return {
    name,
    label,
    type,
    fieldType,
    unique: property.hasUniqueValue === true,
    readOnly: property.calculated === true || property.modificationMetadata?.readOnlyValue === true,
    options: options.map((option) => ({ value: String(option.value), label: option.label ?? String(option.value) })),
  }
}

interface SdkLabelled {
  readonly id: string
  readonly label: string
  readonly archived?: boolean
  readonly displayOrder?: number
}

/** Pipelines or stages that are in use, in HubSpot's order. */
export function labelled<Item extends SdkLabelled>(items: readonly Item[] | undefined): readonly Item[] {
  const inUse = listed(items).filter(({ archived }) => archived !== true)
  return inUse.toSorted((one, other) => (one.displayOrder ?? 0) - (other.displayOrder ?? 0))
}

/** Id and label alone. */
export function contentOf({ id, label }: Labelled): Labelled {
  return { id: String(id), label: String(label ?? id) }
}

interface SdkOwner {
  readonly id: string
  readonly email?: string
  readonly firstName?: string
  readonly lastName?: string
}

/** An owner with the parts that HubSpot tells. */
export function shownOwner({ id, email, firstName, lastName }: SdkOwner): ShownOwner {
  if (!id) throw new UnansweredError('unreadable', 'The owner has no id')
  const name = [firstName, lastName].filter((part) => part).join(' ')
  return { id: String(id), ...(email ? { email } : {}), ...(name === '' ? {} : { name }) }
}

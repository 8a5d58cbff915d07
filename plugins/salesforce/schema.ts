import type { SalesforceApi } from './api.ts'
import { recordsIn, wordsIn } from './json-shape.ts'

/** An administrator may add a field at any time; a minute of stale knowledge costs a failure at most. */
const KNOWN_FOR_MS = 10 * 60_000

/** One field as Salesforce describes it. What it leaves out is `undefined`. */
export interface DescribedField {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly length: number
  readonly createable: boolean
  readonly updateable: boolean
  readonly nillable: boolean
  readonly defaultedOnCreate: boolean
  readonly unique: boolean
  /** `false`: it is said to be neither an external id nor another field that Salesforce finds records by. */
  readonly findsRecords: boolean
  readonly externalId: boolean
  readonly restricted: boolean
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly referenceTo: readonly string[]
}

/** An object as Salesforce describes it. */
export interface Described {
  readonly name: string
  readonly label: string
  readonly createable: boolean
  readonly updateable: boolean
  readonly fields: readonly DescribedField[]
}

/** What the org's objects are made of, asked for once in a while. Shared by all calls of one instance. */
export class Schema {
  readonly #now: () => Date
  readonly #known = new Map<string, { readonly described: Described; readonly until: number }>()

  constructor(now: () => Date) {
    this.#now = now
  }

  /** `undefined` where the credentials see no such object. That is not kept. */
  async describe(api: SalesforceApi, object: string): Promise<Described | undefined> {
    const key = object.toLowerCase()
    const known = this.#known.get(key)
    const now = this.#now().getTime()
    if (known !== undefined && known.until > now) return known.described
    const answer = await api.describe(object)
    if (answer === undefined) return undefined
    const described = readObject(answer, object)
    this.#known.set(key, { described, until: now + KNOWN_FOR_MS })
    return described
  }

  /** What is known without asking. */
  known(object: string): Described | undefined {
    return this.#known.get(object.toLowerCase())?.described
  }

  /** For when Salesforce contradicts what is known. */
  forget(object: string): void {
    this.#known.delete(object.toLowerCase())
  }
}

/** The field of that name; Salesforce does not tell upper from lower case. */
export function fieldOf(described: Described | undefined, name: string): DescribedField | undefined {
  return described?.fields.find((field) => field.name.toLowerCase() === name.toLowerCase())
}

function readObject(answer: Readonly<Record<string, unknown>>, object: string): Described {
  return {
    name: textOr(answer['name'], object),
    label: textOr(answer['label'], object),
    createable: answer['createable'] !== false,
    updateable: answer['updateable'] !== false,
    fields: recordsIn(answer['fields']).map(readField),
  }
}

function readField(field: Record<string, unknown>): DescribedField {
  const { name, label, type, length, picklistValues, referenceTo } = field
  const options = recordsIn(picklistValues)
    .filter((option) => option['active'] !== false && typeof option['value'] === 'string')
    .map((option) => ({ value: String(option['value']), label: textOr(option['label'], String(option['value'])) }))
  return {
    name: textOr(name, ''),
    label: textOr(label, textOr(name, '')),
    type: textOr(type, 'string'),
    length: typeof length === 'number' ? length : 0,
    createable: field['createable'] !== false,
    updateable: field['updateable'] !== false,
    nillable: field['nillable'] !== false,
    defaultedOnCreate: field['defaultedOnCreate'] === true,
    unique: field['unique'] === true,
    externalId: field['externalId'] === true,
    findsRecords: field['externalId'] !== false || field['idLookup'] === true,
    restricted: field['restrictedPicklist'] !== false,
    options,
    referenceTo: wordsIn(referenceTo),
  }
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise
}

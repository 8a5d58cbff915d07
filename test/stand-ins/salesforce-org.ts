import { type ApiError, errorAnswer, errorsAnswer, notFound, Refused } from './salesforce-answers.ts'
import { fieldErrors } from './salesforce-rules.ts'
import { type Field, OBJECT_TYPES, type ObjectType, SUBMISSION_FIELD } from './salesforce-schema.ts'

export type Value = string | number | boolean | null
export type Values = Readonly<Record<string, Value>>

/** One record as the org holds it. */
export interface StoredRecord {
  readonly id: string
  readonly object: string
  readonly values: Values
  readonly deleted: boolean
}

/** A rule of the org's own about a record, and the words of the administrator who wrote it. */
export interface ValidationRule {
  readonly object: string
  readonly message: string
  readonly field?: string
  refuses(values: Values): boolean
}

/** Finds records alike by one field. `block`: no header lets another pass. */
export interface DuplicateRule {
  readonly object: string
  readonly field: string
  readonly against?: string
  readonly block?: boolean
}

/** The state of one Salesforce org. Every method applies at once or throws `Refused`. */
export class SalesforceOrg {
  readonly id = '00D5g000004XyZaEAK'
  readonly user = '0055g00000AbCdEAAV'
  readonly validationRules: ValidationRule[] = []
  readonly duplicateRules: DuplicateRule[] = []
  /** How many records an answer to a query holds at most. */
  pageSize = 2_000
  /** What queries found that took more than a page. */
  readonly answered: (readonly unknown[])[] = []
  readonly #records = new Map<string, StoredRecord>()
  readonly #fields = new Map<string, Map<string, Field>>()
  #lastId = 1_000

  constructor(prepared: boolean) {
    for (const { name, fields } of OBJECT_TYPES) {
      const ours = prepared && !['User', 'Group', 'ContentVersion'].includes(name) ? [SUBMISSION_FIELD] : []
      this.#fields.set(name, new Map([...fields, ...ours].map((field) => [field.name, field])))
    }
    const admin = { Name: 'Ana Admin', Email: 'ana@company.example', IsActive: true }
    this.#records.set(this.user, { id: this.user, object: 'User', values: admin, deleted: false })
  }

  /** By its name in any case; throws what Salesforce answers for an object that is not there. */
  type(object: string): ObjectType {
    const type = OBJECT_TYPES.find(({ name }) => name.toLowerCase() === object.toLowerCase())
    if (type === undefined) throw new Refused(notFound())
    return type
  }

  fields(object: string): readonly Field[] {
    return [...(this.#fields.get(this.type(object).name)?.values() ?? [])]
  }

  field(object: string, name: string): Field | undefined {
    return this.fields(object).find((field) => field.name.toLowerCase() === name.toLowerCase())
  }

  /** Adds a field, or changes the one of that name. */
  setField(object: string, field: Field): void {
    this.#fields.get(this.type(object).name)?.set(field.name, field)
  }

  removeField(object: string, name: string): void {
    this.#fields.get(this.type(object).name)?.delete(name)
  }

  records(object: string): readonly StoredRecord[] {
    const { name } = this.type(object)
    return [...this.#records.values()].filter((record) => record.object === name && !record.deleted)
  }

  /** By its id, which may lack the check at its end. */
  record(object: string, id: string): StoredRecord {
    const record = [...this.#records.values()].find((each) => each.id === id || each.id.slice(0, 15) === id)
    if (record === undefined || record.object !== this.type(object).name) throw new Refused(notFound())
    if (record.deleted) throw new Refused(errorAnswer(404, 'ENTITY_IS_DELETED', 'entity is deleted', []))
    return record
  }

  /** The records whose field has this value, by the rules of a look-up in a path. */
  byField(object: string, name: string, value: string): readonly StoredRecord[] {
    const field = this.field(object, name)
    if (field === undefined || !(field.externalId || field.idLookup)) {
      const message = `Provided external ID field does not exist or is not accessible: ${name}`
      throw new Refused(notFound(message))
    }
    return this.records(object).filter((record) => isAlike(record.values[field.name], value))
  }

  /** Creates a record with what `check` let pass. */
  insert(object: string, values: Values, allowDuplicates: boolean): StoredRecord {
    const type = this.type(object)
    const kept = this.#checked(type.name, values, undefined, allowDuplicates)
    this.#lastId += 1
    const id = `${type.prefix}5g00000${String(this.#lastId).padStart(5, '0')}AAA`
    const owned = this.field(type.name, 'OwnerId') === undefined ? {} : { OwnerId: this.user }
    const record = { id, object: type.name, values: { ...owned, ...kept }, deleted: false }
    this.#records.set(id, record)
    return record
  }

  update(record: StoredRecord, values: Values, allowDuplicates: boolean): StoredRecord {
    if (record.values['IsConverted'] === true) {
      throw new Refused(errorAnswer(400, 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', []))
    }
    const kept = this.#checked(record.object, values, record, allowDuplicates)
    const updated = { ...record, values: { ...record.values, ...kept } }
    this.#records.set(record.id, updated)
    return updated
  }

  /** Changes a record as somebody in the org would, past every check. */
  set(id: string, values: Values): void {
    const record = this.#records.get(id)
    if (record !== undefined) this.#records.set(id, { ...record, values: { ...record.values, ...values } })
  }

  remove(id: string): void {
    const record = this.#records.get(id)
    if (record !== undefined) this.#records.set(id, { ...record, deleted: true })
  }

  #checked(object: string, values: Values, existing: StoredRecord | undefined, allowDuplicates: boolean): Values {
    const { errors, kept } = fieldErrors(this.fields(object), values, existing !== undefined)
    if (errors.length > 0) throw new Refused(errorsAnswer(400, errors))
    const after = { ...existing?.values, ...kept }
    const broken = this.validationRules.filter((rule) => rule.object === object && rule.refuses(after))
    const words = broken.map(({ message, field }) => ({
      message,
      errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      fields: field === undefined ? [] : [field],
    }))
    if (words.length > 0) throw new Refused(errorsAnswer(400, words))
    const found = this.#lookupErrors(object, kept) ?? this.#clash(object, kept, existing)
    if (found !== undefined) throw new Refused(errorsAnswer(400, [found]))
    const alike = this.#alike(object, kept, existing, allowDuplicates)
    if (alike !== undefined) throw new Refused(errorsAnswer(400, [alike]))
    return kept
  }

  #lookupErrors(object: string, values: Values): ApiError | undefined {
    for (const field of this.fields(object)) {
      const id = values[field.name]
      if (field.type !== 'reference' || typeof id !== 'string' || id === '') continue
      const target = this.#records.get(id)
      if (target !== undefined && !target.deleted && field.referenceTo?.includes(target.object)) continue
      const message = `${field.name}: id value of incorrect type: ${id}`
      return { message, errorCode: 'INVALID_CROSS_REFERENCE_KEY', fields: [field.name] }
    }
    return undefined
  }

  #clash(object: string, values: Values, existing: StoredRecord | undefined): ApiError | undefined {
    for (const { name, unique } of this.fields(object)) {
      const value = values[name]
      if (!unique || typeof value !== 'string' || value === '') continue
      const holder = this.records(object).find((record) => isAlike(record.values[name], value))
      if (holder === undefined || holder.id === existing?.id) continue
      const message = `duplicate value found: ${name} duplicates value on record with id: ${holder.id.slice(0, 15)}`
      return { message, errorCode: 'DUPLICATE_VALUE', fields: [] }
    }
    return undefined
  }

  #alike(object: string, values: Values, existing: StoredRecord | undefined, allowed: boolean): ApiError | undefined {
    for (const rule of this.duplicateRules.filter((each) => each.object === object && (each.block || !allowed))) {
      const value = values[rule.field]
      if (value === undefined || value === null || value === '') continue
      const against = rule.against ?? object
      const matches = this.records(against)
        .filter((record) => record.id !== existing?.id && isAlike(record.values[rule.field], String(value)))
        .map(({ id }) => ({ record: { attributes: { type: against, url: `/x/${id}` }, Id: id }, matchConfidence: 100 }))
      if (matches.length === 0) continue
      const matchResults = [{ entityType: against, matchRecords: matches, rule: 'Standard_Rule', size: matches.length }]
      return {
        message: "You're creating a duplicate record. We recommend you use an existing record instead.",
        errorCode: 'DUPLICATES_DETECTED',
        duplicateResult: { allowSave: !rule.block, duplicateRule: 'Standard_Rule', matchResults },
      }
    }
    return undefined
  }
}

/** Salesforce compares text without regard to case. */
function isAlike(held: Value | undefined, value: string): boolean {
  return held !== undefined && held !== null && held !== '' && String(held).toLowerCase() === value.toLowerCase()
}

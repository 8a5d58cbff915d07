import { invalidRequest, notFound, type Refusal, Refused, refusedProperties } from './hubspot-answers.ts'
import type { StoredFile } from './hubspot-files.ts'
import type { StoredOwner } from './hubspot-owners.ts'
import { refusedStages } from './hubspot-pipelines.ts'
import {
  LIFECYCLE_STAGES,
  OBJECT_TYPES,
  type ObjectType,
  PIPELINES,
  type Pipeline,
  type Property,
  STAGE_PROPERTIES,
} from './hubspot-schema.ts'
import { refusalOf } from './hubspot-validation.ts'

/** One record as the account holds it. */
export interface StoredRecord {
  readonly id: string
  readonly object: string
  readonly properties: Readonly<Record<string, string>>
  readonly createdAt: string
  readonly updatedAt: string
}

/** One link between two records, in the direction it was made. */
export interface StoredAssociation {
  readonly from: { readonly object: string; readonly id: string }
  readonly to: { readonly object: string; readonly id: string }
}

/** The state of one HubSpot account: what it holds and what it lets in. Every method applies at once or throws `Refused`. */
export class HubspotAccount {
  readonly portalId = 26_110_473
  readonly uiDomain = 'app-eu1.hubspot.com'
  readonly associations: StoredAssociation[] = []
  readonly owners: StoredOwner[] = []
  readonly files: StoredFile[] = []
  readonly #pipelines = new Map(Object.entries(PIPELINES))
  /** Ids of records that were merged into others. */
  readonly #merged = new Map<string, string>()
  readonly #records = new Map<string, StoredRecord>()
  readonly #properties = new Map<string, Map<string, Property>>()
  /** Records search does not show yet: it follows writes with a delay. */
  readonly #unseen = new Set<string>()
  readonly #searchLags: boolean
  #lastId = 70_000

  constructor(searchLags: boolean) {
    this.#searchLags = searchLags
    for (const type of OBJECT_TYPES) {
      this.#properties.set(type.name, new Map(type.properties.map((property) => [property.name, property])))
    }
  }

  objectType(object: string): ObjectType {
    const type = OBJECT_TYPES.find(({ name, aliases }) => name === object || aliases.includes(object))
    if (type === undefined) throw new Refused(invalidRequest(`Unable to infer object type from: ${object}`))
    return type
  }

  /** Pipelines and stages are options of their properties. */
  properties(object: string): readonly Property[] {
    const { name } = this.objectType(object)
    const [pipelineName, stageName] = STAGE_PROPERTIES[name] ?? []
    const optionsOf: Record<string, readonly string[]> = {
      [pipelineName ?? '']: this.pipelines(name).map(({ id }) => id),
      [stageName ?? '']: this.pipelines(name).flatMap(({ stages }) => stages.map(({ id }) => id)),
    }
    return [...this.#table(object).values()].map((property) => {
      const options = optionsOf[property.name]
      return options === undefined ? property : { ...property, options }
    })
  }

  pipelines(object: string): readonly Pipeline[] {
    return this.#pipelines.get(object) ?? []
  }

  addPipeline(object: string, pipeline: Pipeline): void {
    this.#pipelines.set(object, [...this.pipelines(object), pipeline])
  }

  addProperty(object: string, property: Property): void {
    this.#table(object).set(property.name, property)
  }

  records(object: string): readonly StoredRecord[] {
    const { name } = this.objectType(object)
    return [...this.#records.values()].filter((record) => record.object === name)
  }

  /** By HubSpot's id, also one that was merged away, or by the value of a unique property; e-mail without regard to case. */
  find(object: string, id: string, idProperty?: string): StoredRecord | undefined {
    const own = this.#merged.get(id) ?? id
    if (idProperty === undefined) return this.records(object).find((record) => record.id === own)
    const wanted = comparable(idProperty, id)
    return this.records(object).find((record) => comparable(idProperty, record.properties[idProperty]) === wanted)
  }

  /** Refuses to look by a property whose values are not unique, in HubSpot's own words. */
  requireUnique(object: string, idProperty: string): void {
    if (this.#table(object).get(idProperty)?.unique) return
    const { typeId } = this.objectType(object)
    const text = `Unable to perform update/upsert by non-unique ${typeId} property ${idProperty} in portal ID ${this.portalId}`
    throw new Refused(invalidRequest(text))
  }

  /** Throws for whatever HubSpot would refuse, before anything is applied. */
  check(object: string, properties: Readonly<Record<string, string>>, existing: StoredRecord | undefined): void {
    const type = this.objectType(object)
    const table = this.#table(object)
    const after = { ...existing?.properties, ...properties }
    const refusals = Object.entries(properties).flatMap(([name, value]) => {
      if (STAGE_PROPERTIES[type.name]?.includes(name)) return []
      const refusal =
        refusalOf(name, value, table.get(name)) ??
        this.#unknownId(name, value) ??
        this.#clash(type.name, name, value, existing)
      return refusal === undefined ? [] : [refusal]
    })
    refusals.push(...refusedStages(type.name, properties, after, this.pipelines(type.name)))
    for (const group of existing === undefined ? type.required : []) {
      const [first = ''] = group
      if (group.some((name) => after[name])) continue
      refusals.push({ name: first, code: 'REQUIRED_FIELD', text: `One of ${group.join(', ')} is required` })
    }
    if (refusals.length > 0) throw new Refused(refusedProperties(refusals, this.portalId))
  }

  /** Writes what `check` let pass: into the existing record, else into a new one. */
  write(
    object: string,
    properties: Readonly<Record<string, string>>,
    existing: StoredRecord | undefined,
  ): StoredRecord {
    const now = new Date().toISOString()
    this.#lastId += 1
    const id = existing?.id ?? String(this.#lastId)
    const held = { ...existing?.properties }
    for (const [name, value] of Object.entries(properties)) {
      if (value === '') delete held[name]
      else if (name !== 'lifecyclestage' || isForward(held[name], value)) held[name] = value
    }
    const { name } = this.objectType(object)
    const record = { id, object: name, properties: held, createdAt: existing?.createdAt ?? now, updatedAt: now }
    this.#records.set(id, record)
    if (this.#searchLags) this.#unseen.add(id)
    return record
  }

  /** Linking what is linked changes nothing. */
  associate(association: StoredAssociation): void {
    for (const end of [association.from, association.to]) {
      if (this.find(end.object, end.id) === undefined) {
        throw new Refused(notFound(`No ${end.object} with ID ${end.id} exists`))
      }
    }
    const key = JSON.stringify(association)
    if (this.associations.some((held) => JSON.stringify(held) === key)) return
    this.associations.push(association)
  }

  /** Takes a record away. */
  remove(id: string): void {
    this.#records.delete(id)
  }

  /** Merges one record into another: it is gone, and its id leads to the other from now on. */
  merge(from: string, into: string): void {
    this.#records.delete(from)
    this.#merged.set(from, into)
  }

  /** Keeps a file: in place of one of the same name in its folder, or under a name that is free. */
  storeFile(file: Omit<StoredFile, 'id'>, overwrite: boolean): StoredFile {
    const same = this.files.findIndex(({ name, folder }) => name === file.name && folder === file.folder)
    const held = this.files[same]
    if (held !== undefined && overwrite) {
      const replaced = { ...file, id: held.id }
      this.files[same] = replaced
      return replaced
    }
    this.#lastId += 1
    const name = held === undefined ? file.name : file.name.replace(/(\.[^.]*)?$/, `-${this.#lastId}$1`)
    const stored = { ...file, name, id: String(this.#lastId) }
    this.files.push(stored)
    return stored
  }

  /** What search shows. */
  searchable(object: string): readonly StoredRecord[] {
    return this.records(object).filter((record) => !this.#unseen.has(record.id))
  }

  /** Lets search catch up with the writes. */
  catchUp(): void {
    this.#unseen.clear()
  }

  #table(object: string): Map<string, Property> {
    const table = this.#properties.get(this.objectType(object).name)
    if (table === undefined) throw new Error(`${object} has no table of properties`)
    return table
  }

  #unknownId(name: string, value: string): Refusal | undefined {
    if (value === '') return undefined
    if (name === 'hubspot_owner_id' && !this.owners.some(({ id, archived }) => id === value && !archived)) {
      return { name, code: 'INVALID_OWNER_ID', text: `Owner ${value} does not exist` }
    }
    const files = name === 'hs_attachment_ids' ? value.split(';') : []
    const strange = files.find((file) => !this.files.some(({ id }) => id === file))
    return strange === undefined ? undefined : { name, code: 'INVALID_FILE', text: `File ${strange} does not exist` }
  }

  #clash(object: string, name: string, value: string, existing: StoredRecord | undefined): Refusal | undefined {
    if (value === '' || !this.#table(object).get(name)?.unique) return undefined
    const holder = this.find(object, value, name)
    if (holder === undefined || holder.id === existing?.id) return undefined
    const text = `Cannot set PropertyValueCoordinates{name=${name}, value=${value}}. ${holder.id} already has that value.`
    return { name, code: 'CONFLICTING_UNIQUE_VALUE', text }
  }
}

function comparable(property: string, value: string | undefined): string | undefined {
  return property === 'email' ? value?.toLowerCase() : value
}

/** A backward step is left undone without a word; clearing and setting again is the way back. */
function isForward(held: string | undefined, value: string): boolean {
  const order: readonly string[] = LIFECYCLE_STAGES
  return held === undefined || order.indexOf(value) >= order.indexOf(held)
}

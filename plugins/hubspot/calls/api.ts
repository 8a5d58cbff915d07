import type { AttachedFile } from 'flowgate/plugin'
import type { Send } from './connection.ts'
import type { Patience } from './exchange.ts'
import { otherCalls } from './other-calls.ts'
import { sdkCalls } from './sdk-calls.ts'

/** One row to write by the value of a unique property. */
export interface UpsertRow {
  readonly id: string
  readonly idProperty: string
  readonly properties: PropertyTexts
}

/** Values as HubSpot takes them, by the property's name; an empty text clears. */
export type PropertyTexts = Readonly<Record<string, string>>

/** What HubSpot says about a row it wrote. */
export interface WrittenRow {
  readonly id: string
  readonly isNew: boolean
}

/** A record in HubSpot. */
export interface RecordAddress {
  readonly object: string
  readonly id: string
}

/** What a search looks for. */
export interface PropertyValue {
  readonly name: string
  readonly value: string
}

/** A record as HubSpot shows it. A property it does not hold is `null` or left out. */
export interface ShownRecord {
  readonly id: string
  readonly properties: Readonly<Record<string, string | null>>
}

/** A text property whose values are unique, to be created. */
export interface UniqueProperty {
  readonly name: string
  readonly label: string
  readonly description: string
  /** Must exist. */
  readonly groupName: string
}

/** A property as HubSpot describes it. */
export interface ShownProperty {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly fieldType: string
  readonly unique: boolean
  readonly readOnly: boolean
  readonly options: readonly { readonly value: string; readonly label: string }[]
}

/** A pipeline of deals, tickets or other objects, and its stages in their order. */
export interface Pipeline extends Labelled {
  readonly stages: readonly Labelled[]
}

/** Something that HubSpot knows by an id and people by a label. */
export interface Labelled {
  readonly id: string
  readonly label: string
}

/** Somebody who may own records. */
export interface ShownOwner {
  readonly id: string
  readonly email?: string
  readonly name?: string
}

/** A file to be uploaded, not to be read by anybody without signing in to HubSpot. */
export interface Upload {
  readonly name: string
  readonly folder: string
  readonly mediaType: AttachedFile['mediaType']
  readonly bytes: Uint8Array
}

/** The calls that the SDK makes. Each is one request; each rejects with `ProblemError`, `UnansweredError` or FailureError. */
export interface SdkCalls {
  /** `undefined`: HubSpot says yes and has written nothing, which it does at times. */
  upsert(object: string, row: UpsertRow): Promise<WrittenRow | undefined>
  /** A new record, and its id. A value that another record has and only one can have is a problem: a repeat creates no second one. */
  create(object: string, properties: PropertyTexts): Promise<string>
  /** Writes nothing. Rejects with the scopes that writing this object lacks, and at times with other problems. */
  upsertNothing(object: string): Promise<void>
  /** Writes these properties and no others; resolves with the record's id, which is another where it was merged. */
  update(record: RecordAddress, properties: PropertyTexts): Promise<string>
  /** Links two records with the default label. Harmless when they are linked. `false`: HubSpot says yes and names no link. */
  link(from: RecordAddress, to: RecordAddress): Promise<boolean>
  /** Whether the first record lists the second among its links; `undefined` where its list is longer than one page. */
  isLinked(from: RecordAddress, to: RecordAddress): Promise<boolean | undefined>
  /** By HubSpot's id, or by the value of a unique property: then `idProperty` names it. A record that is not there is a problem, 404. */
  read(record: RecordAddress, idProperty: string | undefined, properties: readonly string[]): Promise<ShownRecord>
  /** Records whose property has this value, at most so many. What was written a moment ago may be missing. */
  search(
    object: string,
    by: PropertyValue,
    properties: readonly string[],
    most: number,
  ): Promise<readonly ShownRecord[]>
  properties(object: string): Promise<readonly ShownProperty[]>
  propertyIsUnique(object: string, name: string): Promise<boolean>
  createUniqueProperty(object: string, property: UniqueProperty): Promise<void>
  propertyGroups(object: string): Promise<readonly string[]>
  /** In HubSpot's order: the first is the one that records begin in. */
  pipelines(object: string): Promise<readonly Pipeline[]>
  /** Somebody who is active. An owner who is not there or no longer active is a problem, 404. */
  owner(id: number): Promise<ShownOwner>
  activeOwners(email: string): Promise<readonly ShownOwner[]>
}

/** The calls that the SDK does not make; alike in all else. */
export interface OtherCalls {
  /** The account behind the token, as HubSpot answers it. */
  accountDetails(): Promise<unknown>
  /** Uploads a file, in place of one of that name in the folder, and resolves with its id. */
  upload(file: Upload): Promise<string>
}

export interface HubspotApi extends SdkCalls, OtherCalls {}

/** Ties the calls to one call of the gateway. */
export function hubspotApi(send: Send, patience: Patience): HubspotApi {
  return { ...sdkCalls(send, patience), ...otherCalls(send, patience) }
}

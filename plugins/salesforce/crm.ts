import {
  type Call,
  type Crm,
  type CrmObject,
  type CrmRecord,
  FailureError,
  type Health,
  type Json,
  type JsonObject,
  type LookUp,
  type ObjectUse,
  type Owner,
  type PluginContext,
  type Preparation,
  type Receipt,
  type RecordLink,
} from 'flowgate/plugin'
import { SalesforceApi } from './api.ts'
import { describeObjects } from './describe.ts'
import { classify, failing } from './failure.ts'
import { attachFiles } from './files.ts'
import { findRecord } from './find.ts'
import { recordUrl } from './instance-url.ts'
import { linkLater, planLinks } from './links.ts'
import { ownerOfRecord } from './owner.ts'
import { type Desk, type Place, placeOf } from './place.ts'
import { prepareObjects } from './prepare.ts'
import { objectOf } from './record-id.ts'
import { type Body, type Saved, saveRecord } from './save.ts'
import { fieldOf, Schema } from './schema.ts'
import { Serial } from './serial.ts'
import { Sessions } from './session.ts'
import type { SalesforceSettings } from './settings.ts'
import { requireNames } from './soql.ts'
import { fieldValues } from './values.ts'

/** One Salesforce org, written to as one integration user. */
export class SalesforceCrm implements Crm {
  readonly #settings: SalesforceSettings
  readonly #context: PluginContext
  readonly #sessions: Sessions
  readonly #schema: Schema
  readonly #serial = new Serial()
  readonly #watch = { warned: false }

  constructor(settings: SalesforceSettings, context: PluginContext) {
    this.#settings = settings
    this.#context = context
    this.#sessions = new Sessions(settings, context)
    this.#schema = new Schema(() => context.now())
  }

  async health(call: Call): Promise<Health> {
    try {
      const { api } = this.#desk(call)
      await api.ask()
      const { instanceUrl, organization } = await api.session()
      const { host } = new URL(instanceUrl)
      return {
        ok: true,
        account: organization === undefined ? `Salesforce (${host})` : `Salesforce org ${organization} (${host})`,
      }
    } catch (error) {
      const failure = error instanceof FailureError ? error.failure : classify(error)
      if (failure === undefined) throw error
      return { ok: false, failure }
    }
  }

  /** Safe to repeat as a whole: the write, each link and each file meet what an earlier try left. */
  async deliver(record: CrmRecord, call: Call): Promise<Receipt> {
    requireNames([record.object, ...Object.keys(record.fields), ...(record.match === undefined ? [] : [record.match])])
    const values = fieldValues(record.fields)
    return this.#serial.run(serialKey(record, values, call), call.signal, () => this.#deliver(record, values, call))
  }

  async find(look: LookUp, call: Call): Promise<JsonObject | null> {
    return findRecord(this.#desk(call), look)
  }

  async update(record: RecordLink, fields: Readonly<Record<string, Json>>, call: Call): Promise<void> {
    await failing(async () => {
      requireNames([record.object, ...Object.keys(fields)])
      const known = {
        id: 'update',
        operation: 'upsert',
        object: record.object,
        fields,
        links: [],
        existing: record.id,
      } as const
      const desk = this.#desk(call)
      const values = fieldValues(fields)
      const { target } = await placeOf(desk, known, values, call)
      await saveRecord(desk, record.object, { target }, values, {
        createOnly: [],
        guarded: false,
      })
    })
  }

  async ownerOf(record: RecordLink, call: Call): Promise<Owner | null> {
    return failing(() => ownerOfRecord(this.#desk(call), record))
  }

  async describe(objects: readonly string[], call: Call): Promise<readonly CrmObject[]> {
    return failing(() => describeObjects(this.#desk(call), objects))
  }

  async prepare(uses: readonly ObjectUse[], _apply: boolean, call: Call): Promise<readonly Preparation[]> {
    return failing(() => prepareObjects(this.#desk(call), uses))
  }

  /** Holds nothing open: every socket belongs to a call and ends with it. */
  async close(): Promise<void> {}

  async #deliver(record: CrmRecord, values: Body, call: Call): Promise<Receipt> {
    const desk = this.#desk(call)
    const object = record.existing === undefined ? record.object : objectOf(record.object, record.existing)
    const links = await planLinks(desk, object, record)
    const place = await placeOf(desk, record, values, call)
    // What the mapping writes into a link's field by itself was meant.
    const saved = await this.#save(desk, record, place, { ...links, fields: { ...links.fields, ...values } })
    await linkLater(desk, saved, links.later)
    await attachFiles(desk.api, saved.id, record.files ?? [], call)
    const { instanceUrl } = await desk.api.session()
    const created = saved.created || (!saved.moved && isOurs(place))
    return {
      outcome: created ? 'created' : 'updated',
      id: saved.id,
      url: recordUrl(instanceUrl, saved.object, saved.id),
    }
  }

  async #save(desk: Desk, record: CrmRecord, place: Place, { fields, createOnly }: FieldsToSave): Promise<Saved> {
    const { target } = place
    if (record.operation === 'create' && place.ours && target.by === 'id') {
      return { object: target.object, id: target.id, created: true, moved: false }
    }
    const described = record.existing === undefined ? await desk.schema.describe(desk.api, target.object) : undefined
    const fixed = Object.keys(fields).filter((name) => fieldOf(described, name)?.updateable === false)
    // Somebody has seen what it resembles.
    const settings = record.separate ? ({ ...desk.settings, duplicates: 'allow' } as const) : desk.settings
    const how = { createOnly: [...createOnly, ...fixed], guarded: record.guarded === true }
    return saveRecord({ ...desk, settings }, record.object, place, fields, how)
  }

  #desk(call: Call): Desk {
    const api = new SalesforceApi(this.#sessions, this.#context, call.signal, this.#watch)
    return { api, schema: this.#schema, settings: this.#settings }
  }
}

interface FieldsToSave {
  readonly fields: Body
  readonly createOnly: readonly string[]
}

/** Whether the record at a place can only be one that this delivery created, now or in an earlier try. */
function isOurs({ ours, key }: Place): boolean {
  return ours === true || key?.kind === 'submission'
}

/** Deliveries that could create the same record wait for each other. */
function serialKey({ object, operation, match, existing }: CrmRecord, values: Body, call: Call): string {
  if (existing !== undefined) return existing
  const value = operation === 'create' || match === undefined ? call.idempotencyKey : values[match]
  return JSON.stringify([object, operation === 'create' ? '' : match, value]).toLowerCase()
}

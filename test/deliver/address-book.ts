import type {
  Ability,
  Call,
  Crm,
  CrmRecord,
  Health,
  Json,
  JsonObject,
  LookUp,
  Receipt,
  RecordLink,
} from 'flowgate/plugin'
import { FailureError } from 'flowgate/plugin'

type Fields = Record<string, Json>

/**
 * A CRM in the test's own process that keeps records: it finds them by any field, upserts by `match` or `existing`, and
 * creates once under one key. `beforeFind`, `beforeWrite` and `afterWrite` run at their time and may throw or
 * never end.
 */
export class AddressBook implements Crm {
  /** By id, each with its object. */
  readonly records = new Map<string, { readonly object: string; readonly fields: Fields }>()
  /** What was asked of it, in order: `find contacts email`, `deliver contacts`, `update contacts`. */
  readonly asked: string[] = []
  readonly delivered: CrmRecord[] = []
  readonly calls: Call[] = []
  /** Fails the next look-ups. */
  readonly findFailures: FailureError[] = []
  beforeFind: () => Promise<void> = async () => {}
  beforeWrite: () => Promise<void> = async () => {}
  afterWrite: () => Promise<void> = async () => {}
  /** The record that takes what is meant for any that was found: the others were merged into it. */
  writesTo: string | undefined
  /** Records that went into others, by their old ids: read by such an id the other is found, and written by it nothing is. */
  readonly became = new Map<string, string>()
  /** A rule of its own holds what is new for this record: written into it, or left to the gateway where it is guarded. */
  resembles: string | undefined
  /** What it says that it can do with records of an object. */
  abilities: (object: string) => readonly Ability[] = () => ['create', 'upsert', 'find', 'update', 'owner', 'files']
  readonly #keys = new Map<string, string>()
  #last = 500

  /** Puts a record there by hand. */
  add(object: string, fields: Fields): string {
    this.#last += 1
    this.records.set(String(this.#last), { object, fields })
    return String(this.#last)
  }

  fieldsOf(id: string): Fields {
    const record = this.records.get(id)
    if (record === undefined) throw new Error(`no record ${id}`)
    return record.fields
  }

  async find({ object, field, value, fields }: LookUp): Promise<JsonObject | null> {
    this.asked.push(`find ${object} ${field}`)
    await this.beforeFind()
    const failure = this.findFailures.shift()
    if (failure !== undefined) throw failure
    const own = this.became.get(value) ?? value
    const ids =
      field === 'id' ? [own].filter((id) => this.records.get(id)?.object === object) : this.#by(object, field, value)
    const [id, ...others] = ids
    if (others.length > 0) throw several(ids)
    if (id === undefined) return null
    const held = Object.entries(this.fieldsOf(id)).filter(
      ([name, each]) => fields.includes(name) && each !== null && each !== '',
    )
    return { ...Object.fromEntries(held), id }
  }

  async deliver(record: CrmRecord, call: Call): Promise<Receipt> {
    this.asked.push(`deliver ${record.object}`)
    this.delivered.push(record)
    this.calls.push(call)
    await this.beforeWrite()
    const receipt = this.#write(record, call)
    await this.afterWrite()
    return receipt
  }

  async update({ object, id }: RecordLink, fields: Readonly<Fields>): Promise<void> {
    this.asked.push(`update ${object}`)
    await this.beforeWrite()
    Object.assign(this.fieldsOf(id), fields)
    await this.afterWrite()
  }

  async health(): Promise<Health> {
    return { ok: true, account: 'the address book' }
  }

  async close(): Promise<void> {}

  #write(record: CrmRecord, { idempotencyKey }: Call): Receipt {
    const { object, operation, match = '', fields, existing } = record
    if (this.became.has(existing ?? '')) throw new FailureError(overtaken)
    const known =
      operation === 'create'
        ? this.#keys.get(idempotencyKey)
        : (this.writesTo ?? existing ?? this.#matching(object, match, fields))
    if (known !== undefined) {
      if (operation === 'upsert') Object.assign(this.fieldsOf(known), fields)
      return {
        outcome: operation === 'create' ? 'created' : 'updated',
        id: known,
        url: `https://book.example/${known}`,
      }
    }
    if (this.resembles !== undefined) {
      if (record.guarded) throw adopt(this.resembles)
      Object.assign(this.fieldsOf(this.resembles), fields)
      return { outcome: 'updated', id: this.resembles, url: `https://book.example/${this.resembles}` }
    }
    const id = this.add(object, { ...fields })
    this.#keys.set(idempotencyKey, id)
    return { outcome: 'created', id, url: `https://book.example/${id}` }
  }

  #matching(object: string, match: string, fields: Readonly<Fields>): string | undefined {
    const ids = this.#by(object, match, String(fields[match]))
    if (ids.length > 1) throw several(ids)
    return ids[0]
  }

  #by(object: string, field: string, value: string): readonly string[] {
    const all = [...this.records].filter(
      ([, record]) => record.object === object && String(record.fields[field]) === value,
    )
    return all.map(([id]) => id)
  }
}

const overtaken = { kind: 'retryable', code: 'BOOK_OVERTAKEN', message: 'It has become another.' } as const

function several(candidates: readonly string[]): FailureError {
  const message = 'Several records have this value.'
  return new FailureError({ kind: 'permanent', scope: 'record', code: 'BOOK_SEVERAL', message, candidates })
}

function adopt(candidate: string): FailureError {
  const failure = { code: 'BOOK_ALIKE', message: 'One is alike.', candidates: [candidate], adopt: true } as const
  return new FailureError({ kind: 'permanent', scope: 'record', ...failure })
}

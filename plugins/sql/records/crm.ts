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
  type Preparation,
  type Receipt,
  type RecordLink,
} from 'flowgate/plugin'
import type { Database } from '../connect/database.ts'
import type { Dialect } from '../connect/dialect.ts'
import { describeTable } from './describe.ts'
import { DestinationTable } from './destination-table.ts'
import { contradicts, failureOf, ofChosenAlone, refused } from './failure.ts'
import { RowFinder } from './find.ts'
import { LiveSchema } from './live-schema.ts'
import { prepareTable } from './prepare.ts'
import { type SqlConfig, tableSettings } from './settings.ts'
import { Statements, type Values } from './statements.ts'
import { isSame, type Table } from './table.ts'
import { type Placed, RowWriter } from './write.ts'

/** The tables of one database as a CRM: an object is a table, a record a row. */
export class SqlCrm implements Crm {
  readonly #database: Database
  readonly #dialect: Dialect
  readonly #config: SqlConfig
  readonly #schema: LiveSchema
  readonly #statements: Statements
  readonly #writer: RowWriter
  readonly #finder: RowFinder

  constructor(database: Database, dialect: Dialect, config: SqlConfig, now: () => Date) {
    this.#database = database
    this.#dialect = dialect
    this.#config = config
    this.#schema = new LiveSchema(database, dialect, now)
    this.#statements = new Statements(dialect)
    this.#writer = new RowWriter(database, this.#statements)
    this.#finder = new RowFinder(database, this.#statements)
  }

  async health(call: Call): Promise<Health> {
    try {
      return { ok: true, account: await this.#database.account(call.signal) }
    } catch (error) {
      const failure = failureOf(error)
      if (failure === undefined) throw error
      return { ok: false, failure }
    }
  }

  deliver(record: CrmRecord, call: Call): Promise<Receipt> {
    if (record.files !== undefined && record.files.length > 0) {
      const message = 'A database takes no files. Take `files` out of the mapping of this record, then replay.'
      return Promise.reject(refused('FG_SQL_FILES', message))
    }
    const delivered = this.#on(record.object, call, async (on) => {
      const links = await this.#links(on, record.links, call)
      const write = this.#writing(on, record, links, call)
      return async () => {
        const { id, outcome } = await write()
        const url = on.link(id)
        return { id, outcome, ...(url === undefined ? {} : { url }) }
      }
    })
    return record.separate === undefined ? delivered : delivered.catch((error) => Promise.reject(ofChosenAlone(error)))
  }

  find(look: LookUp, call: Call): Promise<JsonObject | null> {
    return this.#on(look.object, call, async (on) => {
      on.known([look.field, ...look.fields].filter((field) => field !== 'id'))
      return () => this.#finder.find(on, look, call.signal)
    })
  }

  update({ object, id }: RecordLink, fields: Readonly<Record<string, Json>>, call: Call): Promise<void> {
    return this.#on(object, call, async (on) => {
      const changes = on.values(fields)
      return async () => {
        await this.#writer.set(on, id, changes, call.signal)
      }
    })
  }

  ownerOf({ object, id }: RecordLink, call: Call): Promise<Owner | null> {
    return this.#on(object, call, async (on) => {
      const owners = on.settings.owner?.table
      const among = owners === undefined ? undefined : await this.#table(owners, call, false)
      return () => this.#finder.owner(on, id, among, call.signal)
    })
  }

  async describe(objects: readonly string[], call: Call): Promise<readonly CrmObject[]> {
    const described: CrmObject[] = []
    for (const object of new Set(objects)) {
      const table = await this.#telling(object, undefined, () => this.#schema.read(object, call.signal))
      if (table !== undefined) described.push(describeTable(object, table))
    }
    return described
  }

  async prepare(uses: readonly ObjectUse[], apply: boolean, call: Call): Promise<readonly Preparation[]> {
    const read = (object: string) => this.#schema.read(object, call.signal)
    const prepared: Preparation[] = []
    for (const use of uses) {
      const settings = tableSettings(this.#config, use.object)
      const parts = { database: this.#database, dialect: this.#dialect, statements: this.#statements, read }
      const steps = () => prepareTable(parts, use, settings, apply, call.signal)
      prepared.push(...(await this.#telling(use.object, undefined, steps)))
    }
    return prepared
  }

  close(): Promise<void> {
    return this.#database.close()
  }

  /** Checks everything, and gives what writes it. */
  #writing(
    on: DestinationTable,
    { operation, existing, match, fields }: CrmRecord,
    links: Readonly<Record<string, Json>>,
    call: Call,
  ): () => Promise<Placed> {
    const row = on.values(fields, links)
    const id = on.id
    if (operation === 'create') return this.#creating(on, row, call)
    if (existing !== undefined) return () => this.#writer.set(on, existing, row, call.signal)
    const columns = on.key(match)
    const key = on.keyValues(columns, { ...fields, ...links })
    const changes: Values = new Map([...row].filter(([column]) => !columns.includes(column)))
    return () => this.#writer.place(on, { id, key, row, changes }, call.signal)
  }

  /** What an earlier call with this key added is found by it and left as it is. */
  #creating(on: DestinationTable, fields: Values, call: Call): () => Promise<Placed> {
    const { id, submission } = on
    const key = on.keyValues([submission], { [submission.name]: call.idempotencyKey })
    const row = new Map([...fields, ...key])
    return async () => {
      const placed = await this.#writer.place(on, { id, key, row, changes: new Map() }, call.signal)
      return { ...placed, outcome: 'created' }
    }
  }

  async #links(
    on: DestinationTable,
    links: readonly RecordLink[],
    call: Call,
  ): Promise<Readonly<Record<string, Json>>> {
    const columns: [string, Json][] = []
    for (const { object, id } of links) {
      const table = on.settings.links.has(object) ? undefined : await this.#schema.table(object, call.signal)
      columns.push([on.linkColumn(object, table && this.#destination(object, table)), id])
    }
    return Object.fromEntries(columns)
  }

  /**
   * Checks something against a table, then does it. What does not fit the table as it was read is checked against the
   * table as it is. What the server contradicts makes the next call read it anew.
   */
  async #on<Result>(
    object: string,
    call: Call,
    check: (on: DestinationTable) => Promise<() => Promise<Result>>,
  ): Promise<Result> {
    let on = await this.#table(object, call, false)
    const checked = () => this.#telling(object, on.table, () => check(on))
    const work = await checked().catch(async (error) => {
      if (!(error instanceof FailureError) || error.failure.kind !== 'permanent') throw error
      on = await this.#table(object, call, true)
      return checked()
    })
    return this.#telling(object, on.table, work, call.signal)
  }

  /** Reads a table again that the server says is otherwise, now or, without a signal, when next it is asked for. */
  async #isStill(object: string, table: Table | undefined, signal: AbortSignal | undefined): Promise<boolean> {
    this.#schema.forget(object)
    if (table === undefined || signal === undefined) return false
    const now = await this.#schema.read(object, signal).catch(() => undefined)
    return now !== undefined && isSame(now, table)
  }

  async #table(object: string, call: Call, anew: boolean): Promise<DestinationTable> {
    const { signal } = call
    const reading = () => (anew ? this.#schema.read(object, signal) : this.#schema.table(object, signal))
    const table = await this.#telling(object, undefined, reading)
    if (table === undefined) {
      const name = object.length > 130 ? `${object.slice(0, 130)}…` : object
      const message = `The database has no table ${name}, or the account may not see it. Correct \`object\` of the mapping, then replay.`
      throw refused('FG_SQL_TABLE', message)
    }
    return this.#destination(object, table)
  }

  #destination(object: string, table: Table): DestinationTable {
    return new DestinationTable(object, table, tableSettings(this.#config, object), this.#dialect)
  }

  async #telling<Result>(
    object: string,
    table: Table | undefined,
    work: () => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      const asItWas = contradicts(error) && (await this.#isStill(object, table, signal))
      const failure = failureOf(error, { object, table, asItWas })
      // Without its cause: what a server says may quote a person's answers.
      throw failure === undefined || error instanceof FailureError ? error : new FailureError(failure)
    }
  }
}

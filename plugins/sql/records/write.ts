import type { FailureError, Json, Receipt } from 'flowgate/plugin'
import type { Database, Run } from '../connect/database.ts'
import type { DestinationTable } from './destination-table.ts'
import { refused } from './failure.ts'
import type { Statements, Values } from './statements.ts'
import type { Column } from './table.ts'

/** A row to add where no row has its key. */
export interface Placing {
  /** The column that names the row. */
  readonly id: Column
  /** Unique in the table. */
  readonly key: Values
  /** The whole row, key included. */
  readonly row: Values
  /** What is set where the row is there; empty to leave it as it is. */
  readonly changes: Values
}

export type Placed = Pick<Receipt, 'id' | 'outcome'>

/** Writes rows so that the same call twice leaves one. */
export class RowWriter {
  readonly #database: Database
  readonly #statements: Statements

  constructor(database: Database, statements: Statements) {
    this.#database = database
    this.#statements = statements
  }

  /**
   * Changes the row that has the key, and adds it where there is none.
   *
   * It looks first: an insert alone would burn a number of the sequence each time, and PostgreSQL wants every column that
   * may not be NULL before it looks at the key. What another adds in between makes the insert clash, whichever of the unique
   * indexes the server names, and the row is looked for once more; MySQL has no other way to tell its keys apart.
   */
  async place(on: DestinationTable, placing: Placing, signal: AbortSignal): Promise<Placed> {
    const change = (run: Run) => this.#change(run, on, placing)
    const put = async (run: Run) => (await change(run)) ?? (await this.#add(run, on, placing)) ?? (await change(run))
    try {
      // What is neither there nor added was added and removed by others at that moment, which happens once.
      const placed = await this.#database.write(put, signal)
      return placed ?? (await this.#database.write(put, signal)) ?? keptAway(on)
    } catch (error) {
      if (this.#database.clash(error) === undefined) throw error
      const changed = await this.#database.write(change, signal)
      if (changed === undefined) throw error
      return changed
    }
  }

  /** Sets columns of the one row with this id. */
  async set(on: DestinationTable, id: string, changes: Values, signal: AbortSignal): Promise<Placed> {
    const where = on.wanted(on.id, id)
    if (where === undefined) throw gone(on)
    const { affected } = await this.#database.write(
      (run) =>
        run(
          changes.size === 0
            ? this.#statements.select(on.table, [on.id], where, 1)
            : this.#statements.update(on.table, changes, where),
        ),
      signal,
    )
    if (affected === 0) {
      const seen = this.#statements.select(on.table, [on.id], where, 1)
      const { rows } = await this.#database.read((run) => run(seen), signal)
      throw rows.length === 0 ? gone(on) : keptAway(on)
    }
    if (changes.size === 0) return { id, outcome: 'unchanged' }
    return { id: text(on.id, changes.get(on.id) ?? id), outcome: 'updated' }
  }

  async #change(run: Run, on: DestinationTable, { id: named, key, changes }: Placing): Promise<Placed | undefined> {
    const id = await this.#find(run, on, named, key)
    if (id === undefined || changes.size === 0) return id === undefined ? undefined : { id, outcome: 'unchanged' }
    const { affected } = await run(this.#statements.update(on.table, changes, key))
    if (affected === 0) return undefined
    const now = changes.has(named) ? await this.#find(run, on, named, key) : id
    return { id: now ?? id, outcome: 'updated' }
  }

  /** What was added must be found by its key, or the next call would add another: it is undone where it is not. */
  async #add(run: Run, on: DestinationTable, { id: named, key, row }: Placing): Promise<Placed | undefined> {
    const { affected } = await run(this.#statements.insert(on.table, row, [...key.keys()]))
    if (affected === 0) return undefined
    const id = await this.#find(run, on, named, key)
    if (id === undefined) throw changedKey(on, key)
    return { id, outcome: 'created' }
  }

  async #find(run: Run, on: DestinationTable, id: Column, key: Values): Promise<string | undefined> {
    const { rows } = await run(this.#statements.select(on.table, [id], key, 1))
    return rows[0] === undefined ? undefined : text(id, rows[0][id.name])
  }
}

function text(column: Column, id: Json | undefined): string {
  if (id !== null && id !== undefined) return String(id)
  const message = `The row has nothing in ${column.name}, which names the rows of its table. Let it have a value, or name another column in \`id\` of \`tables\`, then replay.`
  throw refused('FG_SQL_VALUE', message, [column.name])
}

/** Its record was deleted. */
function gone({ object }: DestinationTable): FailureError {
  return refused('FG_SQL_GONE', `The record of ${object} is no longer there. Replay the delivery to write it anew.`)
}

/** The server takes it and says nothing, and the row is as it was: a trigger can do so, or a policy of row level security. */
function keptAway({ object }: DestinationTable): never {
  const message = `A row of ${object} was neither added nor changed, and the server named no reason: a trigger or a policy of row level security keeps it away or out of sight, or the table changes the value that it is found by. Correct the table or the mapping, then replay.`
  throw refused('FG_SQL_STATEMENT', message)
}

/** It rounds, cuts or rewrites. */
function changedKey({ object }: DestinationTable, key: Values): FailureError {
  const names = [...key.keys()].map(({ name }) => name)
  const message = `The table ${object} changes ${names.join(', ')} when a row is added: a trigger rewrites it, or it holds fewer decimals or parts of a second. The row would not be found again, so none was added. Let the mapping give what the table keeps, then replay.`
  return refused('FG_SQL_KEY', message, names)
}

import { FailureError, type Json, type Receipt } from 'flowgate/plugin'
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
    const put = async (run: Run) =>
      (await change(run)) ?? (await this.#add(run, on, placing)) ?? (await change(run)) ?? goneMeanwhile(on)
    try {
      return await this.#database.write(put, signal)
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
    if (affected === 0) throw gone(on)
    return { id, outcome: changes.size === 0 ? 'unchanged' : 'updated' }
  }

  async #change(run: Run, on: DestinationTable, { id: named, key, changes }: Placing): Promise<Placed | undefined> {
    const id = await this.#find(run, on, named, key)
    if (id === undefined || changes.size === 0) return id === undefined ? undefined : { id, outcome: 'unchanged' }
    const { affected } = await run(this.#statements.update(on.table, changes, key))
    return affected === 0 ? undefined : { id, outcome: 'updated' }
  }

  async #add(run: Run, on: DestinationTable, { id: named, key, row }: Placing): Promise<Placed | undefined> {
    const { rows, affected } = await run(this.#statements.insert(on.table, row, [...key.keys()], named))
    if (affected === 0) return undefined
    const id = rows[0] === undefined ? await this.#find(run, on, named, key) : text(rows[0][named.name])
    return id === undefined ? undefined : { id, outcome: 'created' }
  }

  async #find(run: Run, on: DestinationTable, id: Column, key: Values): Promise<string | undefined> {
    const { rows } = await run(this.#statements.select(on.table, [id], key, 1))
    return rows[0] === undefined ? undefined : text(rows[0][id.name])
  }
}

function text(id: Json | undefined): string {
  return String(id)
}

/** Its record was deleted. */
function gone({ object }: DestinationTable): FailureError {
  return refused('FG_SQL_GONE', `The record of ${object} is no longer there. Replay the delivery to write it anew.`)
}

/** It was there, and was not: somebody deletes what is being written. */
function goneMeanwhile({ object }: DestinationTable): never {
  const message = `A row of ${object} was added and removed by others at the same moment.`
  throw new FailureError({ kind: 'retryable', code: 'FG_SQL_BUSY', message })
}

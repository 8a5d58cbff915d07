import { test } from 'node:test'
import type { CrmRecord } from 'flowgate/plugin'
import { conformanceChecks, runCheck, type Stage } from 'flowgate/plugin/testing'
import plugin from '../../plugins/sql/index.ts'
import type { SqlConfig } from '../../plugins/sql/records/settings.ts'
import { eventually } from '../support/eventually.ts'
import { type PostgresLine, postgresLine } from './postgres-line.ts'

const REFUSED_PASSWORD = 'refused-0815'

/** A database with one table, and how a test looks into it. */
export interface SqlPlace extends AsyncDisposable {
  /** Of an account that may write into the table. */
  readonly url: string
  /** The rows of `members`, as they are now. */
  rows(): Promise<readonly { readonly number: string; readonly name: string; readonly submission: string | null }[]>
}

/** The table of these stages, in all dialects. */
export const MEMBERS = `create table members (id integer primary key check (id > 0), number varchar(20) unique, name varchar(20),
  flowgate_submission varchar(64) unique)`

/** No database has a limit that says how long to wait. */
const WITHOUT = 'a rate limit says how long'

/** Registers the checks of the kit that apply, for both operations. */
export function sqlConformance(name: string, place: () => Promise<SqlPlace>): void {
  for (const operation of ['upsert', 'create'] as const) {
    for (const check of conformanceChecks.filter((each) => each.name !== WITHOUT)) {
      test(`${name}, ${operation}: ${check.name}`, async () => {
        const made = await SqlStage.at(await place(), operation)
        await runCheck(check, { plugin: made.plugin, stage: () => made })
      })
    }
  }
}

type Rows = Awaited<ReturnType<SqlPlace['rows']>>

/** A database behind a line that can be cut. What it holds is looked at after each delivery. */
class SqlStage implements Stage<CrmRecord, SqlConfig> {
  readonly config: SqlConfig
  readonly refusedConfig: SqlConfig
  readonly secrets: readonly string[]
  readonly canTell = true
  readonly #place: SqlPlace
  readonly #line: PostgresLine
  readonly #operation: CrmRecord['operation']
  #rows: Rows = []

  private constructor(place: SqlPlace, line: PostgresLine, operation: CrmRecord['operation']) {
    this.#place = place
    this.#line = line
    this.#operation = operation
    const refused = new URL(line.url)
    refused.password = REFUSED_PASSWORD
    this.config = { url: line.url }
    this.refusedConfig = { url: refused.href }
    this.secrets = [decodeURIComponent(new URL(line.url).password), REFUSED_PASSWORD, 'Member-', 'M-0', 'M-1', 'M-2']
  }

  static async at(place: SqlPlace, operation: CrmRecord['operation']): Promise<SqlStage> {
    return new SqlStage(place, await postgresLine(place.url), operation)
  }

  /** The plugin itself, and after each delivery a look at the rows before anybody hears of it. */
  readonly plugin: typeof plugin = {
    ...plugin,
    configure: async (config, context) => {
      const crm = await plugin.configure(config, context)
      return {
        health: (call) => crm.health(call),
        close: () => crm.close(),
        deliver: async (record, call) => {
          try {
            return await crm.deliver(record, call)
          } finally {
            this.#rows = await this.#place.rows()
          }
        },
      }
    },
  }

  get unacceptable(): CrmRecord {
    return this.#record({ id: 0, number: 'M-0', name: 'Member-0' })
  }

  sample(index: number): CrmRecord {
    return this.#record({ id: index + 1, number: `M-${index}`, name: `Member-${index}` })
  }

  effects(idempotencyKey: string, { fields }: CrmRecord): number {
    const same = this.#rows.filter(({ number, name }) => number === fields['number'] && name === fields['name'])
    if (this.#operation === 'upsert') return same.length
    return same.filter(({ submission }) => submission === idempotencyKey).length
  }

  writes(): number {
    return this.#line.writes()
  }

  unavailable(): void {
    this.#line.cutWrites()
  }

  /** A database says no such thing. */
  limited(): void {
    this.#line.cutWrites()
  }

  loseReply(): void {
    this.#line.loseCommit()
  }

  hang(): void {
    this.#line.hangWrites()
  }

  aborted(): boolean {
    return this.#line.givenUp() > 0
  }

  async until(condition: () => boolean, withinMs?: number): Promise<void> {
    await eventually(condition, withinMs === undefined ? {} : { withinMs })
  }

  async [Symbol.asyncDispose]() {
    await this.#line.close()
    await this.#place[Symbol.asyncDispose]()
  }

  #record(fields: CrmRecord['fields']): CrmRecord {
    const record = { id: 'member', object: 'members', fields, links: [] }
    return this.#operation === 'create'
      ? { ...record, operation: 'create' }
      : { ...record, operation: 'upsert', match: 'number' }
  }
}

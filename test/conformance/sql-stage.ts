import type { CrmRecord } from 'flowgate/plugin'
import { conformance, type Stage, type StageRecords } from 'flowgate/plugin/testing'
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
  /** Adds two rows of one name. */
  addTwins(name: string): Promise<void>
}

/** The table of these stages, in all dialects. */
export const MEMBERS = `create table members (id serial primary key, number varchar(20) unique,
  name varchar(20) check (name <> 'Member-refused'), flowgate_submission varchar(64) unique)`

/** Registers the checks of the kit that apply, for both operations. No database has a limit that says how long to wait. */
export function sqlConformance(name: string, place: () => Promise<SqlPlace>): void {
  const stage = (operation: CrmRecord['operation']) => async () => SqlStage.at(await place(), operation)
  conformance({ name: `${name}, upsert`, plugin, without: ['rate limits'], stage: stage('upsert') })
  const without = ['rate limits', 'look-up', 'updates', 'twins'] as const
  conformance({ name: `${name}, create`, plugin, without, stage: stage('create') })
}

/** A database behind a line that can be cut. */
class SqlStage implements Stage<CrmRecord, SqlConfig> {
  readonly config: SqlConfig
  readonly refusedConfig: SqlConfig
  readonly secrets: readonly string[]
  readonly canTell = true
  readonly records?: StageRecords
  readonly #place: SqlPlace
  readonly #line: PostgresLine
  readonly #operation: CrmRecord['operation']

  private constructor(place: SqlPlace, line: PostgresLine, operation: CrmRecord['operation']) {
    this.#place = place
    this.#line = line
    this.#operation = operation
    const refused = new URL(line.url)
    refused.password = REFUSED_PASSWORD
    this.config = { url: line.url }
    this.refusedConfig = { url: refused.href }
    this.secrets = [decodeURIComponent(new URL(line.url).password), REFUSED_PASSWORD, 'Member-', 'M-0', 'M-1', 'M-2']
    if (operation === 'upsert') this.records = recordsOf(place)
  }

  static async at(place: SqlPlace, operation: CrmRecord['operation']): Promise<SqlStage> {
    return new SqlStage(place, await postgresLine(place.url), operation)
  }

  get unacceptable(): CrmRecord {
    return this.#record({ number: 'M-0', name: 'Member-refused' })
  }

  sample(index: number): CrmRecord {
    return this.#record({ number: `M-${index}`, name: `Member-${index}` })
  }

  async effects(idempotencyKey: string, { fields }: CrmRecord): Promise<number> {
    const same = (await this.#place.rows()).filter(
      ({ number, name }) => number === fields['number'] && name === fields['name'],
    )
    if (this.#operation === 'upsert') return same.length
    return same.filter(({ submission }) => submission === idempotencyKey).length
  }

  writes(): number {
    return this.#line.writes()
  }

  unavailable(): void {
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

function recordsOf(place: SqlPlace): StageRecords {
  const look = (field: string, value: string) => ({ object: 'members', field, value, fields: ['name'] })
  return {
    lookUp: (index) => look('number', `M-${index}`),
    clears: 'name',
    canUpdate: true,
    async twins() {
      await place.addTwins('Twin')
      return look('name', 'Twin')
    },
  }
}

import {
  type Call,
  FailureError,
  type Health,
  type Json,
  type JsonObject,
  type Query,
  type Source,
} from 'flowgate/plugin'
import type { Bound, Database, Outcome } from '../connect/database.ts'
import { failureOf } from './failure.ts'
import type { NamedQuery } from './query-file.ts'

/** The named queries of one file, asked of one database. */
export class SqlSource implements Source {
  readonly #database: Database
  readonly #queries: ReadonlyMap<string, NamedQuery>
  readonly #file: string

  constructor(database: Database, queries: ReadonlyMap<string, NamedQuery>, file: string) {
    this.#database = database
    this.#queries = queries
    this.#file = file
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

  async read(name: string, parameters: JsonObject, call: Call): Promise<Json> {
    const query = this.#query(name, 'read')
    const bound = this.#bind(query, parameters)
    const reading = this.#database.read((run) => run(bound), call.signal)
    const { rows } = await reading.catch((error) => this.#fail(error, query))
    return rows
  }

  async reserve(name: string, parameters: JsonObject, call: Call): Promise<Json | undefined> {
    const query = this.#query(name, 'reserve')
    const bound = this.#bind(query, { ...parameters, key: call.idempotencyKey })
    try {
      const { rows, affected } = await this.#database.write(async (run) => holdsOne(await run(bound)), call.signal)
      return affected === 0 ? undefined : (rows[0] ?? {})
    } catch (error) {
      const clash = this.#database.clash(error)
      if (clash === undefined) return this.#fail(error, query)
      // What is there already may be this reservation's own: a key is told to nobody else.
      return call.idempotencyKey !== '' && clash.includes(call.idempotencyKey) ? {} : undefined
    }
  }

  async release(name: string, parameters: JsonObject, call: Call): Promise<void> {
    const query = this.#query(name, 'release')
    const bound = this.#bind(query, { ...parameters, key: call.idempotencyKey })
    await this.#database.write((run) => run(bound), call.signal).catch((error) => this.#fail(error, query))
  }

  close(): Promise<void> {
    return this.#database.close()
  }

  #query(name: string, purpose: Query['purpose']): NamedQuery {
    const query = this.#queries.get(name)
    if (query?.purpose === purpose) return query
    const marked = purpose === 'read' ? `-- name: ${name}` : `-- name: ${name} (${purpose})`
    const said = query === undefined ? 'has no query' : `has another purpose for the query`
    throw refused(
      'FG_SQL_SOURCE_QUERY_UNKNOWN',
      `${this.#file} ${said} ${name}: write \`${marked}\` there, or ask for another.`,
    )
  }

  #bind({ name, text, places }: NamedQuery, parameters: JsonObject): Bound {
    const absent = places.filter((place) => !Object.hasOwn(parameters, place))
    if (absent.length > 0) {
      const message = `The query ${name} needs ${absent.map((place) => `:${place}`).join(', ')}: name it in the ask's \`with\`.`
      throw refused('FG_SQL_SOURCE_PARAMETER', message, absent)
    }
    return { text, values: places.map((place) => parameters[place] ?? null) }
  }

  #fail(error: unknown, query: NamedQuery): never {
    const failure = failureOf(error, { query, file: this.#file })
    // Without its cause: what a server says may quote a person's answers.
    throw failure === undefined ? error : new FailureError(failure)
  }
}

/** The outcome itself; throws, so that it is undone, where it took more than one row. */
function holdsOne(outcome: Outcome): Outcome {
  if (outcome.rows.length <= 1 && outcome.affected <= 1) return outcome
  throw refused(
    'FG_SQL_SOURCE_HELD_SEVERAL',
    'The query would hold more than one row, and nothing was held: narrow its `where` to the one thing that was chosen.',
  )
}

function refused(code: string, message: string, fields?: readonly string[]): FailureError {
  return new FailureError({
    kind: 'permanent',
    scope: 'record',
    code,
    message,
    ...(fields === undefined ? {} : { fields }),
  })
}

import type { Query } from 'flowgate/plugin'
import { type Connection, readConnection } from '../calls/line.ts'
import { type RequestTemplate, readRequest } from '../calls/request.ts'
import { type JsonPath, readJsonPath } from '../places/json-path.ts'
import { parameterRule } from './parameters.ts'
import type { HttpSourceConfig, QueryConfig } from './source-config.ts'

/** A query ready to be asked. */
export interface HttpQuery extends Query {
  readonly request: RequestTemplate
  readonly result: JsonPath
  /** Statuses that say there is no such thing. */
  readonly nothingOn: readonly number[]
  /** Statuses that say somebody else has it. */
  readonly takenOn: readonly number[]
  /** To reserve: the query that finds by its key what we hold. */
  readonly lookUp: string | undefined
}

/** Settings with their templates read and their defaults filled in. */
export interface HttpSourceSettings extends Connection {
  readonly health: string | undefined
  readonly queries: ReadonlyMap<string, HttpQuery>
}

const DEFAULT_METHODS = { read: 'GET', reserve: 'POST', release: 'DELETE' } as const
const DEFAULT_NOTHING_ON = [404, 410]
const DEFAULT_TAKEN_ON = [409]

/** Reads checked settings. Throws a sentence for the operator, which names the place and never a secret. */
export function readSettings(config: HttpSourceConfig): HttpSourceSettings {
  const queries = readQueries(config.queries)
  return { ...readConnection(config), health: config.health, queries }
}

/** Reads the queries alone, as `flowgate check` wants them. Throws a sentence for the operator. */
export function readQueries(configs: HttpSourceConfig['queries']): ReadonlyMap<string, HttpQuery> {
  const queries = new Map(Object.entries(configs).map(([name, config]) => [name, readQuery(name, config)]))
  const lookUps = new Set([...queries.values()].map(({ lookUp }) => lookUp))
  for (const [name, query] of queries) {
    if (query.lookUp !== undefined) queries.set(name, withLookUp(query, queries.get(query.lookUp)))
    if (query.purpose === 'read' && !lookUps.has(name) && query.request.places.includes('key')) {
      throw new Error(`query \`${name}\` has a place {key}: only what reserves, releases or is a \`look_up\` has a key`)
    }
  }
  return queries
}

function readQuery(name: string, config: QueryConfig): HttpQuery {
  try {
    const purpose = config.purpose ?? 'read'
    if (purpose !== 'reserve' && (config.taken_on !== undefined || config.look_up !== undefined)) {
      throw new Error('`taken_on` and `look_up` belong to queries with purpose: reserve')
    }
    if (purpose === 'reserve' && config.nothing_on !== undefined) {
      throw new Error('`nothing_on` belongs to queries that read or release: what reserves has `taken_on`')
    }
    const request = readRequest(config, config.method ?? DEFAULT_METHODS[purpose], parameterRule)
    return {
      name,
      purpose,
      parameters: unique(request.places).filter((place) => place !== 'key'),
      request,
      result: config.result === undefined ? (reply) => reply : readJsonPath(config.result),
      nothingOn: purpose === 'reserve' ? [] : (config.nothing_on ?? DEFAULT_NOTHING_ON),
      takenOn: purpose === 'reserve' ? (config.taken_on ?? DEFAULT_TAKEN_ON) : [],
      lookUp: config.look_up,
    }
  } catch (error) {
    throw new Error(`query \`${name}\`: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The look-up is asked with what the reservation was, so an ask has to give both what they need. */
function withLookUp(query: HttpQuery, lookUp: HttpQuery | undefined): HttpQuery {
  if (lookUp?.purpose !== 'read') {
    throw new Error(`query \`${query.name}\`: its look_up \`${query.lookUp}\` is no query that reads`)
  }
  return { ...query, parameters: unique([...query.parameters, ...lookUp.parameters]) }
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}

import type { Query } from 'flowgate/plugin'
import type { AuthConfig, HttpSourceConfig, Method, QueryConfig } from './config.ts'
import { type JsonPath, readJsonPath } from './json-path.ts'
import { type PathTemplate, readPath } from './path.ts'
import { type JsonTemplate, readJsonTemplate, readTemplate, type Template } from './template.ts'

/** A query ready to be asked. */
export interface HttpQuery extends Query {
  readonly method: Method
  readonly path: PathTemplate
  readonly query: readonly (readonly [name: string, value: Template])[]
  readonly headers: readonly (readonly [name: string, value: Template])[]
  readonly body: JsonTemplate | undefined
  readonly result: JsonPath
  /** Statuses that say there is no such thing. */
  readonly nothingOn: readonly number[]
  /** Statuses that say somebody else has it. */
  readonly takenOn: readonly number[]
  /** To reserve: the query that finds by its key what we hold. */
  readonly lookUp: string | undefined
}

/** Settings with their templates read and their defaults filled in. */
export interface HttpSourceSettings {
  /** Without a slash at the end. */
  readonly baseUrl: string
  /** Those of every request. */
  readonly headers: Readonly<Record<string, string>>
  readonly health: string | undefined
  readonly queries: ReadonlyMap<string, HttpQuery>
}

const DEFAULT_METHODS = { read: 'GET', reserve: 'POST', release: 'DELETE' } as const
const DEFAULT_NOTHING_ON = [404, 410]
const DEFAULT_TAKEN_ON = [409]

// What belongs to the connection, or would contradict the body that is sent.
const OWN_HEADERS = /^(?:host|connection|keep-alive|content-length|transfer-encoding|upgrade|expect|te|trailer)$/iu

/** Reads checked settings. Throws a sentence for the operator, which names the place and never a secret. */
export function readSettings(config: HttpSourceConfig): HttpSourceSettings {
  const headers = { accept: 'application/json', ...lowered(config.headers ?? {}), ...lowered(authHeaders(config.auth)) }
  for (const [name, value] of Object.entries(headers)) {
    if (OWN_HEADERS.test(name)) throw new Error(`the header ${name} is the connection's own: leave it out`)
    if (!isHeaderValue(value)) {
      throw new Error(
        `the header ${name} holds a line break or a character that HTTP does not allow: correct its value`,
      )
    }
  }
  const baseUrl = config.base_url.replace(/\/+$/u, '')
  if (!URL.canParse(baseUrl))
    throw new Error('base_url is no URL: write it whole, as in https://calendar.example.com/v2')
  return { baseUrl, headers, health: config.health, queries: readQueries(config.queries) }
}

/** Whether a text can stand in a header: visible ASCII, spaces and tabs. */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e]*$/u.test(text)
}

/** Reads the queries alone, as `flowgate check` wants them. Throws a sentence for the operator. */
export function readQueries(configs: HttpSourceConfig['queries']): ReadonlyMap<string, HttpQuery> {
  const queries = new Map(Object.entries(configs).map(([name, config]) => [name, readQuery(name, config)]))
  const lookUps = new Set([...queries.values()].map(({ lookUp }) => lookUp))
  for (const [name, query] of queries) {
    if (query.lookUp !== undefined) queries.set(name, withLookUp(query, queries.get(query.lookUp)))
    if (query.purpose === 'read' && !lookUps.has(name) && placesOf(query).includes('key')) {
      throw new Error(`query \`${name}\` has a place {key}: only what reserves, releases or is a \`look_up\` has a key`)
    }
  }
  return queries
}

function readQuery(name: string, config: QueryConfig): HttpQuery {
  try {
    const purpose = config.purpose ?? 'read'
    const method = config.method ?? DEFAULT_METHODS[purpose]
    if (method === 'GET' && config.body !== undefined) throw new Error('a GET has no body: write method: POST')
    if (purpose !== 'reserve' && (config.taken_on !== undefined || config.look_up !== undefined)) {
      throw new Error('`taken_on` and `look_up` belong to queries with purpose: reserve')
    }
    if (purpose === 'reserve' && config.nothing_on !== undefined) {
      throw new Error('`nothing_on` belongs to queries that read or release: what reserves has `taken_on`')
    }
    const parts = {
      path: readPath(config.path),
      query: templates(config.query ?? {}),
      headers: templates(lowered(config.headers ?? {})),
      body: config.body === undefined ? undefined : readJsonTemplate(config.body),
    }
    const own = parts.headers.find(([header]) => OWN_HEADERS.test(header))
    if (own !== undefined) throw new Error(`the header ${own[0]} is the connection's own: leave it out`)
    return {
      name,
      purpose,
      method,
      parameters: unique(placesOf(parts)).filter((place) => place !== 'key'),
      ...parts,
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

function placesOf({ path, query, headers, body }: Pick<HttpQuery, 'path' | 'query' | 'headers' | 'body'>): string[] {
  const values = [...query, ...headers].flatMap(([, { places }]) => places)
  return [...path.places, ...values, ...(body?.places ?? [])]
}

function templates(texts: Readonly<Record<string, string | number | boolean>>): (readonly [string, Template])[] {
  return Object.entries(texts).map(([name, text]) => [name, readTemplate(String(text))])
}

function authHeaders(auth: AuthConfig = {}): Readonly<Record<string, string>> {
  if (auth.bearer !== undefined) return { authorization: `Bearer ${auth.bearer}` }
  if (auth.header !== undefined) return { [auth.header.name]: auth.header.value }
  if (auth.basic === undefined) return {}
  const { username, password } = auth.basic
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
}

/** Names of headers know no case, so that one written twice in different ways is one. */
function lowered<Value>(headers: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}

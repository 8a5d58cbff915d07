import type { PluginContext } from 'flowgate/plugin'
import { UnansweredError } from './exchange.ts'
import { classify } from './failure.ts'
import { isRecord, recordsIn } from './json-shape.ts'
import { ProblemError, refusalWithin } from './problem.ts'
import { isRecordId } from './record-id.ts'
import type { Session, Sessions } from './session.ts'
import { CallTransport } from './transport.ts'

/** jsforce would wait half an hour. Files take longer than records. */
const REQUEST_WITHIN_MS = 15_000
const FILE_WITHIN_MS = 60_000
/** Lets a write pass that a duplicate rule only warns of. */
const ALLOW_DUPLICATES = { 'sforce-duplicate-rule-header': 'allowSave=true' }
const NEARLY_USED = 0.9
/** Salesforce cuts an answer into pages where it likes; none that is asked for here has that many records. */
const MOST_PAGES = 100
const NEXT_PAGE = /^\/services\/data\/v[\d.]+\/query\/[\w-]+$/

/** Which record a write is for. */
export type Target =
  | { readonly by: 'id'; readonly object: string; readonly id: string }
  | { readonly by: 'field'; readonly object: string; readonly field: string; readonly value: string }
  | { readonly by: 'nothing'; readonly object: string }

/** What a write left. `id` is missing where Salesforce did not say it, as API versions before 46 do not. */
export interface WriteAnswer {
  readonly id: string | undefined
  readonly created: boolean
}

/** A record as Salesforce shows it, by the names of the fields as Salesforce spells them. */
export type ShownRecord = Readonly<Record<string, unknown>>

interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** From the root of this API version, with every value in it encoded. */
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  readonly withinMs?: number
}

interface ApiAnswer {
  readonly body: unknown
  readonly status: number | undefined
}

/** How full the org's limit of calls is, told to whoever keeps watch. */
export interface UsageWatch {
  warned: boolean
}

/**
 * The calls of one call of the gateway. Each is one request through jsforce's connection, and each rejects with
 * `ProblemError` or `UnansweredError`. A session that is over, or leads where no org is any more, is renewed once for
 * each request; the second refusal counts.
 */
export class SalesforceApi {
  readonly #sessions: Sessions
  readonly #context: PluginContext
  readonly #signal: AbortSignal
  readonly #watch: UsageWatch
  #session: Session | undefined

  constructor(sessions: Sessions, context: PluginContext, signal: AbortSignal, watch: UsageWatch) {
    this.#sessions = sessions
    this.#context = context
    this.#signal = signal
    this.#watch = watch
  }

  /** Writes fields into one record, which a target without id may create. */
  async write(
    target: Target,
    fields: Readonly<Record<string, unknown>>,
    allowDuplicates: boolean,
  ): Promise<WriteAnswer> {
    return this.#write(target, fields, allowDuplicates, REQUEST_WITHIN_MS)
  }

  async #write(
    target: Target,
    fields: Readonly<Record<string, unknown>>,
    allowDuplicates: boolean,
    withinMs: number,
  ): Promise<WriteAnswer> {
    const method = target.by === 'nothing' ? 'POST' : 'PATCH'
    const headers = allowDuplicates ? ALLOW_DUPLICATES : {}
    const { body, status } = await this.#send({ method, path: pathOf(target), body: fields, headers, withinMs })
    const refusal = refusalWithin(status ?? 200, body)
    if (refusal !== undefined) throw refusal
    if (isRecord(body) && body['success'] === false) throw new UnansweredError('unreadable', 'Not saved, and no reason')
    if (target.by === 'id') return { id: target.id, created: false }
    const said = isRecord(body) ? body : {}
    const created = typeof said['created'] === 'boolean' ? said['created'] : status === 201
    return { id: isRecordId(said['id']) ? said['id'] : undefined, created }
  }

  /** Creates a record that has no key. Where the answer does not name it, a repeat has to look whether it is there. */
  async create(object: string, fields: Readonly<Record<string, unknown>>): Promise<void> {
    const withinMs = object === 'ContentVersion' ? FILE_WITHIN_MS : REQUEST_WITHIN_MS
    const { id } = await this.#write({ by: 'nothing', object }, fields, true, withinMs)
    if (id === undefined) throw new UnansweredError('unreadable', 'The answer does not name what was created')
  }

  /** The record with these fields; `undefined` where there is none. */
  async read(target: Exclude<Target, { by: 'nothing' }>, fields: readonly string[]): Promise<ShownRecord | undefined> {
    try {
      const path = `${pathOf(target)}?fields=${fields.map(encodeURIComponent).join(',')}`
      const { body } = await this.#send({ method: 'GET', path })
      if (!isRecord(body)) throw new UnansweredError('unreadable', 'The answer holds no record')
      return body
    } catch (error) {
      if (error instanceof ProblemError && error.isMissing) return undefined
      throw error
    }
  }

  /** The records that a SOQL query finds: all, however many pages they come in. */
  async query(soql: string): Promise<readonly ShownRecord[]> {
    const found: ShownRecord[] = []
    let path = `/query?q=${encodeURIComponent(soql)}`
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const { body } = await this.#send({ method: 'GET', path })
      if (!isRecord(body) || !Array.isArray(body['records'])) {
        throw new UnansweredError('unreadable', 'The query answers no records')
      }
      found.push(...recordsIn(body['records']))
      if (body['done'] !== false) return found
      const next = body['nextRecordsUrl']
      if (typeof next !== 'string' || !NEXT_PAGE.test(next)) break
      path = next
    }
    // Part of what was looked for would pass for all of it.
    throw new UnansweredError('unreadable', 'The query does not answer all records')
  }

  /** What Salesforce says of an object; `undefined` where there is none that the credentials may see. */
  async describe(object: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    try {
      const { body } = await this.#send({ method: 'GET', path: `/sobjects/${encodeURIComponent(object)}/describe` })
      // An answer that lost its body says nothing about the object.
      if (body === undefined) throw new UnansweredError('unreadable', 'The description is empty')
      return isRecord(body) && Array.isArray(body['fields']) ? body : undefined
    } catch (error) {
      // Only a hint is lost; whether the object is there, the write itself will tell.
      if (error instanceof ProblemError && (error.isNoRoute || isNotFor(error))) return undefined
      throw error
    }
  }

  /** Asks something that every API user may ask, and resolves where Salesforce answers. */
  async ask(): Promise<void> {
    try {
      await this.#send({ method: 'GET', path: '/limits' })
    } catch (error) {
      // Looking at the limits is a right of its own, and no sign of credentials that do not work.
      if (!(error instanceof ProblemError && (error.isNoRoute || isNotFor(error)))) throw error
      await this.#askWhoAmI()
    }
  }

  /** A session that Salesforce gave and does not refuse is good, also where nobody tells whose it is. */
  async #askWhoAmI(): Promise<void> {
    try {
      await this.#send({ method: 'GET', path: '/services/oauth2/userinfo' })
    } catch (error) {
      if (!(error instanceof ProblemError && error.isNoRoute)) throw error
    }
  }

  /** The session in use; signs in where there is none. */
  async session(): Promise<Session> {
    this.#session ??= await this.#sessions.open(this.#signal)
    return this.#session
  }

  async #send(request: ApiRequest): Promise<ApiAnswer> {
    const session = await this.session()
    try {
      return await this.#sendOnce(session, request)
    } catch (error) {
      const over = isSessionOver(error)
      const moved = session.movable && isNobody(error, request)
      if (!over && !moved) throw error
      this.#session = await this.#sessions.open(this.#signal, session.accessToken)
      if (!over && this.#session.instanceUrl === session.instanceUrl) throw error
      return await this.#sendOnce(this.#session, request)
    }
  }

  async #sendOnce({ connection }: Session, { method, path, body, headers, withinMs }: ApiRequest): Promise<ApiAnswer> {
    await this.#context.spend('all', this.#signal)
    const transport = new CallTransport({ signal: this.#signal, withinMs: withinMs ?? REQUEST_WITHIN_MS })
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const request = {
      method,
      url: path,
      headers: { accept: 'application/json', ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
    const answer: unknown = await connection.request(request, { transport, responseType: 'application/json' })
    this.#watchUsage(connection.limitInfo.apiUsage)
    return { body: transport.isEmpty ? undefined : answer, status: transport.status }
  }

  #watchUsage(usage: { readonly used: number; readonly limit: number } | undefined): void {
    if (usage === undefined) return
    const nearly = usage.used > usage.limit * NEARLY_USED
    if (nearly && !this.#watch.warned) {
      this.#context.log.warn({ destination: this.#context.destination, ...usage }, 'salesforce.limit_near')
    }
    this.#watch.warned = nearly
  }
}

/** Values are encoded here and nowhere else; jsforce would put them into the path as they are. */
function pathOf(target: Target): string {
  const object = `/sobjects/${encodeURIComponent(target.object)}`
  if (target.by === 'nothing') return object
  if (target.by === 'id') return `${object}/${segment(target.id)}`
  return `${object}/${encodeURIComponent(target.field)}/${segment(target.value)}`
}

/** A segment of dots leads to another path however it is written, and an empty one to the list above it. */
function segment(value: string): string {
  if (value === '' || value === '.' || value === '..') throw new RangeError('This value cannot stand in a path')
  return encodeURIComponent(value)
}

/** Whether what was asked is not for these credentials to see, while the API as a whole is open to them. */
function isNotFor(error: ProblemError): boolean {
  const { status } = error.problem
  const failure = classify(error)
  return (status === 400 || status === 403) && failure?.kind === 'permanent' && failure.scope === 'record'
}

/** Whether what was asked reached no org: nobody is there any more, or somebody who leads elsewhere. Nothing was written. */
function isNobody(error: unknown, { method }: ApiRequest): boolean {
  if (error instanceof UnansweredError) return ['ENOTFOUND', 'ECONNREFUSED'].includes(error.message)
  if (!(error instanceof ProblemError) || error.problem.fromSalesforce) return false
  const { status } = error.problem
  // What is only read may be missing in an org that is there.
  return (status > 300 && status < 400) || (status === 404 && method !== 'GET')
}

/** A session that runs out is the only refusal that a new token cures. This one is not: it says what the app may do. */
function isSessionOver(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return false
  if (error.problem.status !== 401 && !error.has('INVALID_SESSION_ID')) return false
  return !error.mentions('not valid for use with the REST API') && !error.mentions('not attached to Agent')
}

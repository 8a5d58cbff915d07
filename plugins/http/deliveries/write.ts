import { type Call, FailureError, type Json } from 'flowgate/plugin'
import { exactJson } from '../calls/exact-json.ts'
import { busy, commonFailure, refused, secondsUntil, stops, stopsForGood, unavailable } from '../calls/failure.ts'
import { hostOf, jsonOf, type Line, send } from '../calls/line.ts'
import { type FilledRequest, fillRequest, type Method, type RequestTemplate, readRequest } from '../calls/request.ts'
import { type JsonPath, readJsonPath } from '../places/json-path.ts'
import type { PlaceRule, Places } from '../places/places.ts'
import type { Ruling, WriteConfig } from './delivery-config.ts'

/** A request that writes, ready to be sent. */
export interface Write {
  readonly request: RequestTemplate
  readonly successOn: readonly number[] | undefined
  readonly successIf: { readonly path: JsonPath; readonly is: Json; readonly else: Ruling } | undefined
  readonly failures: ReadonlyMap<number, Ruling>
  readonly id: { readonly text: string; readonly path: JsonPath } | undefined
  readonly url: JsonPath | undefined
  readonly error: JsonPath | undefined
  /** Sending the same again changes nothing, because of the request itself. */
  readonly repeatable: boolean
}

/** What the API confirmed. `there`: by a status that says that nothing had to be done. */
export interface Written {
  readonly kind: 'done' | 'there'
  readonly status: number
  /** `undefined` where nobody needs it, or a status that says `there` came without JSON. */
  readonly reply: Json | undefined
}

/** How one write is sent. */
export interface Sending {
  readonly line: Line
  readonly places: Places
  readonly call: Call
  /** The header of the key, where the API knows one. */
  readonly idempotencyHeader: string | undefined
  /** Nothing can tell later whether it landed. */
  readonly blind: boolean
  /** What a status means where neither the settings nor the usual rules say otherwise. */
  readonly otherwise?: ReadonlyMap<number, Ruling>
}

/** Reads a request that writes. Throws a sentence for the operator. */
export function readWrite(config: WriteConfig, method: Method, rule: PlaceRule, repeatable: boolean): Write {
  const { success_if: condition, id, url, error } = config
  const request = readRequest(config, config.method ?? method, rule)
  if (request.method === 'GET') throw new Error('a GET writes nothing: write another `method`')
  return {
    request,
    successOn: config.success_on,
    successIf: condition && { path: readJsonPath(condition.path), is: condition.is, else: condition.else ?? 'record' },
    failures: new Map(Object.entries(config.failures ?? {}).map(([status, ruling]) => [Number(status), ruling])),
    id: id === undefined ? undefined : { text: id, path: readJsonPath(id) },
    url: url === undefined ? undefined : readJsonPath(url),
    error: error === undefined ? undefined : readJsonPath(error),
    // PUT is idempotent by its definition (RFC 9110, 9.2.2).
    repeatable: config.repeatable ?? (repeatable || request.method === 'PUT'),
  }
}

/**
 * What came of a write that nothing can tell about later: where it was sent again and got no clear answer, it is not sent a
 * third time by itself, so its failure is `unknown`.
 */
export async function onceMore<Done>(
  { blind, call, line }: Pick<Sending, 'blind' | 'call' | 'line'>,
  writing: Promise<Done>,
) {
  try {
    return await writing
  } catch (error) {
    const failure = error instanceof FailureError ? error.failure : undefined
    if (!blind || !call.resend || failure?.kind !== 'retryable' || failure.nothingWritten) throw error
    const message = `${failure.message} It was sent again and may have landed: look at ${hostOf(line)}, then replay or drop the delivery.`
    throw new FailureError({ kind: 'unknown', code: 'FG_HTTP_UNKNOWN', message }, { cause: error })
  }
}

/** Sends a write once and resolves with what the API confirmed. Rejects with a FailureError for everything else. */
export async function perform(write: Write, sending: Sending): Promise<Written> {
  const { line, places, call, idempotencyHeader, blind } = sending
  const filled = fillRequest(line.baseUrl, write.request, places)
  const key = idempotencyHeader === undefined ? {} : { [idempotencyHeader.toLowerCase()]: call.idempotencyKey }
  const request = { ...filled, headers: { ...filled.headers, ...key } }
  const response = await send(line, request, call, blind)
  const { status } = response
  const ruled = write.failures.get(status)
  if (ruled === undefined && (write.successOn?.includes(status) ?? response.ok)) {
    return confirmed(write, response, sending, request)
  }
  if (ruled !== undefined && isThere(ruled)) return { kind: 'there', status, reply: await lenientJson(response) }
  const word = errorWord(write, await lenientJson(response), request)
  throw failureOf(response, ruled, sending, write, word)
}

async function confirmed(write: Write, response: Response, sending: Sending, request: FilledRequest): Promise<Written> {
  const { status } = response
  const { successIf, id, url } = write
  if (successIf === undefined && id === undefined && url === undefined)
    return { kind: 'done', status, reply: undefined }
  const reply = await jsonOf(response, sending.line)
  // A reply that holds nothing says neither yes nor no: whoever is told of a refusal sends again.
  if (successIf !== undefined && isNothing(reply)) {
    const { codes } = sending.line
    throw unavailable(
      codes.reply,
      `${hostOf(sending.line)} answered ${status} with nothing in it: look at \`success_if\`.`,
    )
  }
  if (successIf === undefined || successIf.path(reply) === successIf.is) return { kind: 'done', status, reply }
  if (isThere(successIf.else)) return { kind: 'there', status, reply }
  throw failureOf(response, successIf.else, sending, write, errorWord(write, reply, request))
}

function isNothing(reply: Json): boolean {
  return typeof reply !== 'object' || reply === null || Object.keys(reply).length === 0
}

function isThere(ruling: Ruling): boolean {
  return ruling === 'unchanged' || ruling === 'sent'
}

function failureOf(
  response: Response,
  ruled: Ruling | undefined,
  { line, otherwise, idempotencyHeader, call }: Sending,
  write: Write,
  word: string | undefined,
): FailureError {
  const { status, headers } = response
  const host = hostOf(line)
  const now = line.context.now()
  const told = `${status}${word === undefined ? '' : `, ${word}`}`
  // An API that keeps keys says so while the first request with this one is still under way
  // (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/, 2.7).
  const underWay = status === 409 && idempotencyHeader !== undefined && call.uncertain ? 'retryable' : undefined
  const ruling = ruled ?? usual(response, now) ?? otherwise?.get(status) ?? underWay
  switch (ruling) {
    case 'retryable':
      return unavailable(line.codes.unavailable, `${host} could not do it now (${told}).`)
    case 'rate_limited':
      return busy(line.codes.busy, `${host} limits how often it is asked (${told}).`, headers, now)
    case 'destination':
      return stops(
        'FG_HTTP_STOPPED',
        `${host} refuses everything (${told}): correct the settings, or what it may do there.`,
      )
    case 'unknown': {
      const message = `${host} did not say whether it was done (${told}): look there, then replay or drop the delivery.`
      return new FailureError({ kind: 'unknown', code: 'FG_HTTP_UNKNOWN', message })
    }
    case 'record':
      return refused('FG_HTTP_REFUSED', refusal(host, told))
    default:
      return (
        commonFailure(status, headers, { codes: line.codes, host, now }) ?? clientFailure(status, host, told, write)
      )
  }
}

/**
 * A server that names its time to come back has done nothing. A success that the settings do not list as one may have been
 * one.
 */
function usual({ status, ok, headers }: Response, now: Date): Ruling | undefined {
  if (ok) return 'unknown'
  return status === 503 && secondsUntil(headers, now) !== undefined ? 'rate_limited' : undefined
}

function clientFailure(status: number, host: string, told: string, write: Write): FailureError {
  if (status !== 404 && status !== 410) return refused('FG_HTTP_REFUSED', refusal(host, told))
  if (write.request.path.places.length > 0) {
    return refused('FG_HTTP_GONE', `${host} does not have what this is to be written to (${told}): it may be deleted.`)
  }
  const stopped = status === 410 ? stopsForGood : stops
  return stopped('FG_HTTP_ADDRESS', `${host} has nothing at the address of this request (${told}): correct \`path\`.`)
}

function refusal(host: string, told: string): string {
  return `${host} refused this (${told}): compare what the mapping makes with the documentation of the API.`
}

/** The API's own code for what is wrong; nothing that could be a person's answer, and nothing that we sent. */
function errorWord(write: Write, reply: Json | undefined, { url, body }: FilledRequest): string | undefined {
  const word = reply === undefined ? undefined : write.error?.(reply)
  if (typeof word === 'number') return Number.isInteger(word) && Math.abs(word) < 1_000_000 ? String(word) : undefined
  if (typeof word !== 'string' || !/^[A-Za-z][A-Za-z_.:-]*\d{0,5}$/u.test(word) || word.length > 80) return undefined
  const sent = `${url} ${body ?? ''}`.toLowerCase()
  return sent.includes(word.toLowerCase()) ? undefined : word
}

async function lenientJson(response: Response): Promise<Json | undefined> {
  try {
    return exactJson(await response.text())
  } catch {
    return undefined
  }
}

import { type Call, FailureError, type Json, type JsonObject } from 'flowgate/plugin'
import { commonFailure, refused, stops } from '../calls/failure.ts'
import { hostOf, jsonOf, type Line, send } from '../calls/line.ts'
import { fillRequest, type RequestTemplate, readRequest } from '../calls/request.ts'
import { type JsonPath, readJsonPath } from '../places/json-path.ts'
import type { PlaceRule, Places } from '../places/places.ts'
import type { FindConfig } from './delivery-config.ts'

/** A request that finds things, ready to be sent. */
export interface Find {
  readonly request: RequestTemplate
  readonly items: JsonPath
  readonly id: { readonly text: string; readonly path: JsonPath }
  readonly fields: JsonPath
  readonly nothingOn: readonly number[]
}

/** One thing that was found. */
export interface Found {
  readonly id: string
  readonly fields: JsonObject
}

const whole: JsonPath = (reply) => reply

/** Reads a request that finds things. Throws a sentence for the operator. */
export function readFind(config: FindConfig, rule: PlaceRule): Find {
  const id = config.id ?? 'id'
  return {
    request: readRequest(config, config.method ?? 'GET', rule),
    items: config.items === undefined ? whole : readJsonPath(config.items),
    id: { text: id, path: readJsonPath(id) },
    fields: config.fields === undefined ? whole : readJsonPath(config.fields),
    nothingOn: config.nothing_on ?? [404],
  }
}

/**
 * What the API finds. Where an item shows the field it was looked for by, and another value in it, it is none: many APIs
 * search loosely, and the record of another person must not be written to.
 */
export async function find(
  line: Line,
  { request, items, id, fields, nothingOn }: Find,
  places: Places,
  call: Call,
  wanted?: { readonly field: string; readonly value: string },
): Promise<readonly Found[]> {
  const reply = await ask(line, request, nothingOn, places, call)
  if (reply === undefined) return []
  const found = items(reply) ?? null
  const list = Array.isArray(found) ? found : found === null ? [] : [found]
  return list.flatMap((item): Found[] => {
    const own = objectOf(fields(item))
    if (wanted !== undefined && isOther(own[wanted.field], wanted.value)) return []
    return [{ id: idOf(id.path(item), id.text, line), fields: own }]
  })
}

/** The JSON of a request that reads; `undefined` where the API says that there is nothing. */
export async function ask(
  line: Line,
  request: RequestTemplate,
  nothingOn: readonly number[],
  places: Places,
  call: Call,
): Promise<Json | undefined> {
  const response = await send(line, fillRequest(line.baseUrl, request, places), call)
  if (nothingOn.includes(response.status)) return undefined
  if (response.ok) return jsonOf(response, line)
  const { codes, context } = line
  const host = hostOf(line)
  const common = commonFailure(response.status, response.headers, { codes, host, now: context.now() })
  const message = `${host} refused to look (${response.status}): correct the request that finds, or what it is asked with.`
  throw common ?? refused('FG_HTTP_FIND_REFUSED', message)
}

/** The one thing that was found, `undefined` where there is none; several are a permanent failure that lists them. */
export function theOne(found: readonly Found[]): Found | undefined {
  const [one, ...others] = found
  if (others.length === 0) return one
  throw new FailureError({
    kind: 'permanent',
    scope: 'record',
    code: 'FG_HTTP_SEVERAL',
    message: `${found.length} records fit, and none is chosen: choose one of them, or merge them.`,
    candidates: found.map(({ id }) => id),
  })
}

function idOf(id: Json | undefined, path: string, line: Line): string {
  if ((typeof id === 'string' && id !== '') || typeof id === 'number') return String(id)
  throw stops(
    'FG_HTTP_FOUND_WITHOUT_ID',
    `What ${hostOf(line)} finds holds no id at \`${path}\`: correct \`id\` or \`items\`.`,
  )
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

function isOther(held: Json | undefined, value: string): boolean {
  if (held === undefined || held === null || typeof held === 'object') return false
  return String(held).trim().toLowerCase() !== value.trim().toLowerCase()
}

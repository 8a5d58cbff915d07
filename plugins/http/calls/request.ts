import type { Json } from 'flowgate/plugin'
import { type PathTemplate, readPath } from '../places/path.ts'
import type { PlaceRule, Places } from '../places/places.ts'
import { type JsonTemplate, readJsonTemplate, readTemplate, type Template } from '../places/template.ts'

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof METHODS)[number]

/** One request as operators write it. */
export interface RequestConfig {
  readonly method?: Method
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Json
  readonly body_as?: 'json' | 'form'
}

/** One request ready to be filled. */
export interface RequestTemplate {
  readonly method: Method
  readonly path: PathTemplate
  readonly query: readonly (readonly [name: string, value: Template])[]
  readonly headers: readonly (readonly [name: string, value: Template])[]
  readonly body: JsonTemplate | undefined
  readonly form: boolean
  /** Of all its parts, each as often as it stands there. */
  readonly places: readonly string[]
}

/** One request with its values in place. */
export interface FilledRequest {
  readonly method: Method
  readonly url: string
  /** Its own, and the type of its body. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

// What belongs to the connection, or would contradict the body that is sent.
const OWN_HEADERS = /^(?:host|connection|keep-alive|content-length|transfer-encoding|upgrade|expect|te|trailer)$/iu

/** Reads a request. Throws a sentence for the operator. */
export function readRequest(config: RequestConfig, method: Method, rule: PlaceRule): RequestTemplate {
  if (method === 'GET' && config.body !== undefined) throw new Error('a GET has no body: write method: POST')
  const form = config.body_as === 'form'
  if (form && !isFlat(config.body)) throw new Error('a form is a list of names and values: write its `body` so')
  const templates = (texts: Readonly<Record<string, string | number | boolean>>) =>
    Object.entries(texts).map(([name, text]) => [name, readTemplate(String(text), rule)] as const)
  const path = readPath(config.path, rule)
  const query = templates(config.query ?? {})
  const headers = templates(lowered(config.headers ?? {}))
  const body = config.body === undefined ? undefined : readJsonTemplate(config.body, rule)
  for (const [name] of headers) {
    const fault = ownFault(name)
    if (fault !== undefined) throw new Error(fault)
  }
  const places = [...path.places, ...[...query, ...headers].flatMap((each) => each[1].places), ...(body?.places ?? [])]
  return { method, path, query, headers, body, form, places }
}

/** Fills a request below `baseUrl`. Throws what `places` does where a value cannot stand where it should. */
export function fillRequest(baseUrl: string, template: RequestTemplate, places: Places): FilledRequest {
  const search = new URLSearchParams(template.query.flatMap(([name, value]) => pairs(name, value, places)))
  const question = search.size === 0 ? '' : `?${search}`
  const body = template.body?.fill(places)
  const type = template.form ? 'application/x-www-form-urlencoded' : 'application/json'
  return {
    method: template.method,
    url: `${baseUrl}${template.path.fill(places)}${question}`,
    headers: {
      ...(body === undefined ? {} : { 'content-type': type }),
      ...Object.fromEntries(template.headers.flatMap(([name, value]) => header(name, value, places))),
    },
    body: body === undefined ? null : template.form ? formText(body, places) : JSON.stringify(body),
  }
}

/** Whether a text can stand in a header: visible ASCII, spaces and tabs. */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e]*$/u.test(text)
}

/** A sentence for a header that is not the operator's to set. */
export function ownFault(name: string): string | undefined {
  return OWN_HEADERS.test(name) ? `the header ${name} is the connection's own: leave it out` : undefined
}

/** Names of headers know no case, so that one written twice in different ways is one. */
export function lowered<Value>(headers: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** One value as a rule; of a text that is one place, none where that is null, and one for each item of a list. */
function pairs(name: string, { whole, fill }: Template, places: Places): [string, string][] {
  const value = whole === undefined ? undefined : places.value(whole)
  if (whole === undefined || !(value === null || Array.isArray(value))) {
    const text = fill((place) => places.text(place))
    return text === undefined ? [] : [[name, text]]
  }
  return (value ?? []).map((item): [string, string] => [name, places.text(whole, item) ?? ''])
}

function header(name: string, template: Template, places: Places): readonly (readonly [string, string])[] {
  const value = template.fill((place) => {
    const text = places.text(place)
    if (text === undefined || isHeaderValue(text)) return text
    throw places.unusable(place, 'holds characters that a header cannot')
  })
  return value === undefined ? [] : [[name, value]]
}

function isFlat(body: Json | undefined): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false
  return Object.values(body).every((value) => typeof value !== 'object')
}

function formText(body: Json, places: Places): string {
  const members = typeof body === 'object' && body !== null ? Object.entries(body) : []
  const all = members.flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((item): [string, string] => {
      if (typeof item === 'object' && item !== null)
        throw places.unusable(name, 'is an object, which has no place in a form')
      return [name, item === null ? '' : String(item).toWellFormed()]
    }),
  )
  return new URLSearchParams(all).toString()
}

import { type Call, FailureError, type Json, type JsonObject, type PluginContext } from 'flowgate/plugin'
import { failureOf, unavailable } from './failure.ts'
import { Parameters } from './parameters.ts'
import { type HttpQuery, type HttpSourceSettings, isHeaderValue } from './settings.ts'
import type { Template } from './template.ts'

/** What came of a question: what the reply holds where the query looks, or that there is none or somebody else has it. */
export type Outcome = { readonly kind: 'found'; readonly value: Json } | { readonly kind: 'nothing' | 'taken' }

/** What every question is asked with. */
export interface Line {
  readonly settings: HttpSourceSettings
  readonly context: Pick<PluginContext, 'fetch' | 'now'>
}

/** Asks one question, once. Rejects with a FailureError for everything that is no answer. */
export async function exchange(
  { settings, context }: Line,
  query: HttpQuery,
  values: JsonObject,
  call: Call,
): Promise<Outcome> {
  const parameters = new Parameters(values, call.idempotencyKey)
  const url = urlOf(settings.baseUrl, query, parameters)
  const body = query.body === undefined ? null : JSON.stringify(query.body.fill(parameters))
  const headers = headersOf(settings, query, parameters, body !== null)
  const reply = await send({ settings, context }, url, { method: query.method, headers, body }, call)
  if (query.takenOn.includes(reply.status)) return { kind: 'taken' }
  if (query.nothingOn.includes(reply.status)) return { kind: 'nothing' }
  if (!reply.ok) throw failureOf(reply.status, reply.headers, hostOf(settings), context.now())
  // What gives something back has nothing to tell.
  if (query.purpose === 'release') return { kind: 'nothing' }
  return { kind: 'found', value: query.result(await json(reply, settings)) ?? null }
}

/** Sends a request as it is. Rejects with a FailureError where no reply comes of it. */
export async function send(
  { settings, context }: Line,
  url: string,
  init: { readonly method: string; readonly headers: [string, string][]; readonly body: string | null },
  call: Call,
): Promise<Response> {
  try {
    return await context.fetch(url, { ...init, signal: call.signal })
  } catch (error) {
    if (error instanceof FailureError) throw error
    const host = hostOf(settings)
    if (call.signal.aborted) throw unavailable(`${host} did not answer in time.`, error)
    throw unavailable(`${host} cannot be reached, or the connection broke (${wordOf(error)}).`, error)
  }
}

/** The host that settings lead to, and its port where it is unusual. */
export function hostOf({ baseUrl }: HttpSourceSettings): string {
  return new URL(baseUrl).host
}

function urlOf(baseUrl: string, { path, query }: HttpQuery, parameters: Parameters): string {
  const search = new URLSearchParams(query.flatMap(([name, value]) => pairs(name, value, parameters)))
  const question = search.size === 0 ? '' : `?${search}`
  return `${baseUrl}${path.fill(parameters)}${question}`
}

/** One value as a rule; of a text that is one place, none where that is null, and one for each item of a list. */
function pairs(name: string, { whole, fill }: Template, parameters: Parameters): [string, string][] {
  const value = whole === undefined ? undefined : parameters.value(whole)
  if (whole === undefined || !(value === null || Array.isArray(value))) {
    return [[name, fill((place) => parameters.text(place))]]
  }
  return (value ?? []).map((item): [string, string] => [name, parameters.text(whole, item)])
}

function headersOf(
  settings: HttpSourceSettings,
  { headers, purpose }: HttpQuery,
  parameters: Parameters,
  hasBody: boolean,
): [string, string][] {
  const own = headers.map(([name, template]): [string, string] => [
    name,
    template.fill((place) => headerText(parameters, place)),
  ])
  const all = new Map<string, string>([
    ...Object.entries(settings.headers),
    ...(hasBody ? ([['content-type', 'application/json']] as const) : []),
    ...(purpose === 'read' ? [] : ([['idempotency-key', parameters.text('key')]] as const)),
    ...own,
  ])
  return [...all]
}

function headerText(parameters: Parameters, place: string): string {
  const text = parameters.text(place)
  if (!isHeaderValue(text)) throw parameters.unusable(place, 'holds characters that a header cannot')
  return text
}

/** A reply without a body says nothing, which is what JSON calls null. */
async function json(reply: Response, settings: HttpSourceSettings): Promise<Json> {
  const text = await reply.text()
  if (text.trim() === '') return null
  try {
    return JSON.parse(text)
  } catch {
    // The parser's error quotes the reply, which is about a person.
    throw new FailureError({
      kind: 'retryable',
      code: 'FG_HTTP_SOURCE_REPLY',
      message: `The reply of ${hostOf(settings)} is not JSON. If it stays so, check base_url and any proxy in between.`,
    })
  }
}

function wordOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : undefined
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no reason was given'
}

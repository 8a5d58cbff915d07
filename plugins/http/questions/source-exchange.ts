import type { Call, FailureError, Json, JsonObject } from 'flowgate/plugin'
import { commonFailure, refused } from '../calls/failure.ts'
import { hostOf, jsonOf, type Line, send } from '../calls/line.ts'
import { fillRequest } from '../calls/request.ts'
import { Parameters } from './parameters.ts'
import type { HttpQuery } from './source-settings.ts'

/** What came of a question: what the reply holds where the query looks, or that there is none or somebody else has it. */
export type Outcome = { readonly kind: 'found'; readonly value: Json } | { readonly kind: 'nothing' | 'taken' }

/** Asks one question, once. Rejects with a FailureError for everything that is no answer. */
export async function exchange(line: Line, query: HttpQuery, values: JsonObject, call: Call): Promise<Outcome> {
  const parameters = new Parameters(values, call.idempotencyKey)
  const request = fillRequest(line.baseUrl, query.request, parameters)
  const key: Record<string, string> = query.purpose === 'read' ? {} : { 'idempotency-key': parameters.text('key') }
  const reply = await send(line, { ...request, headers: { ...key, ...request.headers } }, call)
  if (query.takenOn.includes(reply.status)) return { kind: 'taken' }
  if (query.nothingOn.includes(reply.status)) return { kind: 'nothing' }
  if (!reply.ok) throw questionFailure(reply, line)
  // What gives something back has nothing to tell.
  if (query.purpose === 'release') return { kind: 'nothing' }
  return { kind: 'found', value: query.result(await jsonOf(reply, line)) ?? null }
}

/** What a status that is no answer means for a question. */
export function questionFailure({ status, headers }: Response, line: Line): FailureError {
  const host = hostOf(line)
  const common = commonFailure(status, headers, { codes: line.codes, host, now: line.context.now() })
  const message = `${host} refused this question (${status}): correct the query or what it is asked with.`
  return common ?? refused('FG_HTTP_SOURCE_REFUSED', message)
}

import {
  type Call,
  FailureError,
  type Health,
  type Json,
  type JsonObject,
  type PluginContext,
  type Source,
} from 'flowgate/plugin'
import { exchange, hostOf, type Line, send } from './exchange.ts'
import { failureOf, stops } from './failure.ts'
import type { HttpQuery, HttpSourceSettings } from './settings.ts'

/** A source that asks an HTTP API. */
export function httpSource(settings: HttpSourceSettings, context: PluginContext): Source {
  const line: Line = { settings, context }
  return {
    health: (call) => health(line, call),
    async read(query, parameters, call) {
      const outcome = await exchange(line, queryFor('read', query, settings), parameters, call)
      return outcome.kind === 'found' ? outcome.value : null
    },
    reserve: (query, parameters, call) => reserve(line, queryFor('reserve', query, settings), parameters, call),
    async release(query, parameters, call) {
      await exchange(line, queryFor('release', query, settings), parameters, call)
    },
    // Connections belong to the gateway, which lends them.
    close: async () => undefined,
  }
}

async function reserve(line: Line, query: HttpQuery, parameters: JsonObject, call: Call): Promise<Json | undefined> {
  const outcome = await exchange(line, query, parameters, call)
  if (outcome.kind === 'found') return outcome.value
  if (query.lookUp === undefined) return undefined
  // An API that knows no idempotency keys says "taken" of what an earlier try of ours took and could not report.
  const held = await exchange(line, queryFor('read', query.lookUp, line.settings), parameters, call)
  return held.kind === 'found' && held.value !== null && !isEmptyList(held.value) ? held.value : undefined
}

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0
}

async function health(line: Line, call: Call): Promise<Health> {
  const { settings, context } = line
  const path = settings.health
  const request = { method: 'GET', headers: Object.entries(settings.headers), body: null }
  try {
    const { ok, status, headers } = await send(line, `${settings.baseUrl}${path ?? ''}`, request, call)
    const failure = failureOf(status, headers, hostOf(settings), context.now())
    // Few APIs have anything at their bare address: any answer shows that they are there, unless it is about us.
    const counts = path !== undefined || failure.failure.kind !== 'permanent' || status === 401 || status === 403
    if (!ok && counts) throw failure
    return { ok: true, account: hostOf(settings) }
  } catch (error) {
    if (error instanceof FailureError) return { ok: false, failure: error.failure }
    throw error
  }
}

function queryFor(purpose: HttpQuery['purpose'], name: string, { queries }: HttpSourceSettings): HttpQuery {
  const query = queries.get(name)
  if (query?.purpose === purpose) return query
  const why =
    query === undefined
      ? `There is no query ${name}`
      : `The query ${name} is there to ${query.purpose}, not to ${purpose}`
  throw stops('FG_HTTP_SOURCE_QUERY', `${why}: correct the flow or the settings of the source.`)
}

import type { Call, Json, JsonObject, PluginContext, Source } from 'flowgate/plugin'
import { SOURCE_CODES } from '../calls/codes.ts'
import { stops } from '../calls/failure.ts'
import { health } from '../calls/health.ts'
import type { Line } from '../calls/line.ts'
import { exchange, questionFailure } from './source-exchange.ts'
import type { HttpQuery, HttpSourceSettings } from './source-settings.ts'

interface SourceLine extends Line, HttpSourceSettings {}

/** A source that asks an HTTP API. */
export function httpSource(settings: HttpSourceSettings, context: PluginContext): Source {
  const line: SourceLine = { ...settings, context, codes: SOURCE_CODES }
  return {
    health: (call) => health(line, settings.health, call, (reply) => questionFailure(reply, line)),
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

async function reserve(
  line: SourceLine,
  query: HttpQuery,
  parameters: JsonObject,
  call: Call,
): Promise<Json | undefined> {
  const outcome = await exchange(line, query, parameters, call)
  if (outcome.kind === 'found') return outcome.value
  if (query.lookUp === undefined) return undefined
  // An API that knows no idempotency keys says "taken" of what an earlier try of ours took and could not report.
  const held = await exchange(line, queryFor('read', query.lookUp, line), parameters, call)
  return held.kind === 'found' && held.value !== null && !isEmptyList(held.value) ? held.value : undefined
}

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0
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

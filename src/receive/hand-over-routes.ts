import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { closeHandOver, type HandOverFilter, listHandOvers } from '../store/hand-overs.ts'
import type { Sql } from '../store/pool.ts'
import { say } from './api-refusal.ts'
import { closingOf, handOverView } from './hand-over-view.ts'

/** What the paths for hand-overs work on. */
export interface HandOverRoutesOptions {
  readonly sql: Sql
  readonly clock: Clock
  readonly log: Log
}

const DEFAULT_LIMIT = 100

const listQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum(['open', 'closed', 'all'] as const)),
    // A text, as everything in a query is.
    limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]{0,2}|1000)$' })),
  },
  { additionalProperties: false },
)

const closeBody = Type.Object(
  { by: Type.Optional(Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' })) },
  { additionalProperties: false },
)

interface List {
  readonly Querystring: { readonly state?: HandOverFilter['state']; readonly limit?: string }
}

interface Close {
  readonly Params: { readonly id: string }
  readonly Body: { readonly by?: string }
}

/** Adds `GET /hand-overs` and `POST /hand-overs/<id>/close` to the API, behind its bearer token. Both show no answers of people. */
export function addHandOverRoutes(api: FastifyInstance, { sql, clock, log }: HandOverRoutesOptions): void {
  api.get<List>('/hand-overs', { schema: { querystring: listQuery } }, async ({ query }, reply) => {
    const { state = 'open', limit = DEFAULT_LIMIT } = query
    const handOvers = await listHandOvers(sql, { state, limit: Number(limit) })
    return reply.send({ hand_overs: handOvers.map(handOverView) })
  })

  // Whoever has nothing to say needs no body.
  const preValidation = async (request: FastifyRequest<Close>): Promise<void> => {
    request.body ??= {}
  }
  api.post<Close>('/hand-overs/:id/close', { schema: { body: closeBody }, preValidation }, async (request, reply) => {
    const { id } = request.params
    // What cannot be an id is not looked for: a path can hold letters that a database refuses.
    const result = ID.test(id)
      ? await closeHandOver(sql, id, request.body.by?.trim(), clock.now())
      : { kind: 'not-found' as const }
    if (result.kind === 'not-found') return unknown(reply)
    const { handOver } = result
    if (result.kind === 'already') {
      const message = `hand-over ${id} was ${closingOf(handOver)} already; it stays as it is`
      return say(reply, 409, 'FG_API_HAND_OVER_CLOSED', message)
    }
    log.info({ handOverId: id, submissionId: handOver.submissionId, flow: handOver.flow }, 'hand_over.closed')
    return reply.send({ hand_over: handOverView(handOver) })
  })
}

const ID = /^hov_[0-9a-z]{26}$/

function unknown(reply: FastifyReply): FastifyReply {
  return say(reply, 404, 'FG_API_HAND_OVER', 'there is no such hand-over; GET /api/v1/hand-overs?state=all lists them')
}

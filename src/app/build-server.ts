import type { FastifyInstance } from 'fastify'
import type { FlowVersion } from '../config/configuration.ts'
import type { Reservation } from '../flow/asking.ts'
import { createAlertAside } from '../receive/alert-aside.ts'
import { createAnswerExchange } from '../receive/answer-exchange.ts'
import type { PrivateKey } from '../receive/keys.ts'
import { createTokenMint } from '../receive/mint-token.ts'
import type { ReadyCheck } from '../receive/options.ts'
import { createRateLimiter } from '../receive/rate-limiter.ts'
import { createServer } from '../receive/server.ts'
import { tellEdge } from '../receive/tell-edge.ts'
import { tellExchange } from '../receive/tell-exchange.ts'
import { settleRequestCounts } from '../store/request-counts.ts'
import { dropReservation } from '../store/reservations.ts'
import { createAccept } from '../submit/accept.ts'
import type { Parts } from './parts.ts'

/** The HTTP server of this process: the endpoint and the API where it has the role, health and metrics in any case. */
export async function buildServer(parts: Parts, keys: readonly PrivateKey[]): Promise<FastifyInstance> {
  const { environment, clock, log, pool, queue, configuration, asker, metrics, alerts } = parts
  const { role, rateLimitPerMinute, secret } = environment
  const base = {
    log,
    clock,
    metrics,
    ready: new Map<string, ReadyCheck>([
      ['database', async () => (await pool.query('select 1')).rowCount === 1],
      ['configuration', () => configuration.flows.size > 0],
      ...(role === 'worker' ? [] : [['keys', () => keys.length > 0] as const]),
    ]),
    summary: () => ({ role, flows: [...configuration.flows.keys()] }),
  }
  if (role === 'worker') return createServer(base)
  const alert = createAlertAside({ pool, log, alerts })
  const answerExchange = createAnswerExchange({
    pool,
    flows: () => configuration.flows,
    accept: createAccept({ pool, queue }),
    asking: () => asker.forExchange(),
    giveBack: giveBackAt(parts),
    events: tellExchange({ log, metrics, alert }),
    secret,
  })
  const mint = createTokenMint({
    pool,
    clock,
    secret,
    knowsFlow: (name) => configuration.flows.has(name),
    fieldsOf: (name, version) => fieldsOf(versionsOf(parts, name), version),
    versionsOf: (name) => versionsOf(parts, name).map(({ flow }) => flow.version),
  })
  const rateLimiter =
    rateLimitPerMinute === 'off'
      ? undefined
      : createRateLimiter({
          perMinute: rateLimitPerMinute,
          clock,
          log,
          settleCounts: (own) => settleRequestCounts(pool, own),
        })
  return createServer({
    ...base,
    endpoint: {
      secrets: environment.metaAppSecrets,
      keys,
      flows: () => configuration.flows,
      answerExchange,
      onEvent: tellEdge({ flows: () => configuration.flows, alert }),
      ...(rateLimiter === undefined ? {} : { rateLimiter }),
    },
    api: { token: environment.apiToken, mintToken: mint.mint, handOvers: { sql: pool, clock, log } },
  })
}

function versionsOf({ configuration }: Parts, name: string): readonly FlowVersion[] {
  return [...(configuration.flows.get(name)?.versions.values() ?? [])]
}

function fieldsOf(versions: readonly FlowVersion[], version: string | undefined): ReadonlySet<string> {
  const meant = versions.filter(({ flow }) => version === undefined || flow.version === version)
  const screens = meant.flatMap(({ flow }) => [...flow.screens.values()])
  return new Set(screens.flatMap(({ fields }) => [...fields.keys()]))
}

/**
 * Nobody waits for it, and nobody can hold it again: another choice has another key. What the source does not take back
 * now a worker gives back later, for its row stays.
 */
function giveBackAt({ asker, pool, log }: Parts): (reservation: Reservation) => Promise<void> {
  return async (reservation) => {
    try {
      if (await asker.giveBack(reservation)) await dropReservation(pool, reservation.key)
    } catch (error) {
      log.warn({ source: reservation.source, error }, 'reservation.held_on')
    }
  }
}

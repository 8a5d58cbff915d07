import type { Call, PluginContext, Source } from 'flowgate/plugin'
import { type StandIn, type StandInHandler, startStandIn } from 'flowgate/plugin/testing'
import type { HttpSourceConfig } from '../../../plugins/http/questions/source-config.ts'
import httpSource from '../../../plugins/http/source.ts'
import { createGuardedFetch } from '../../../src/registry/guarded-fetch.ts'
import { pluginContext } from '../../support/plugin-context.ts'

/** The one token that the calendar takes. */
export const token = 'calendar-token-7391'

/** A calendar API: it shows slots and members, and keeps who holds a slot under which key. */
export interface Calendar extends AsyncDisposable {
  readonly vendor: StandIn
  /** Slot → key. */
  readonly held: ReadonlyMap<string, string>
  /** A source that asks it, with what a test wants different. */
  source(different?: Partial<HttpSourceConfig>, context?: Partial<PluginContext>): Promise<Source>
}

/** The settings that `calendar` is asked with. */
export const queries = {
  free_slots: {
    path: '/departments/{department}/slots',
    query: { from: '{from}', days: 14, only: '{only}' },
    result: 'data.slots',
  },
  member: { path: '/members/{number}', result: 'member' },
  search: { path: '/search', method: 'POST', body: { who: '{who}', size: '{size}', note: 'for {who}', limit: 5 } },
  book: {
    purpose: 'reserve',
    path: '/slots/{slot}/bookings',
    body: { name: '{name}' },
    result: 'booking.id',
  },
  unbook: { purpose: 'release', path: '/bookings/{key}' },
  // The same calendar by an older address that knows no keys: whoever has a slot has it, and asking again is told so.
  book_plainly: {
    purpose: 'reserve',
    method: 'PUT',
    path: '/plain/slots/{slot}',
    body: { ref: '{key}' },
    look_up: 'booking_of',
  },
  booking_of: { path: '/plain/bookings', query: { ref: '{key}' }, result: 'bookings[0].slot' },
} as const satisfies HttpSourceConfig['queries']

/** A first call held under `key`, with what a test wants different. */
export function callOf(differences: Partial<Call> = {}): Call {
  const signal = AbortSignal.timeout(120_000)
  return { signal, idempotencyKey: 'key-1', attempt: 1, uncertain: false, resend: false, ...differences }
}

/** Starts the API. Its requests need the token, but for those below `/echo`, which answer with what was asked. */
export async function calendar(): Promise<Calendar> {
  const held = new Map<string, string>()
  const vendor = await startStandIn({ routes: routesOver(held) })
  const guarded = createGuardedFetch({ allowHosts: [{ kind: 'range', address: '127.0.0.1', bits: 32 }] })
  return {
    vendor,
    held,
    async source(different = {}, context = {}) {
      const config = { base_url: `${vendor.url}/v2`, auth: { bearer: token }, queries, ...different }
      return httpSource.configure(config, pluginContext({ fetch: guarded, ...context }))
    },
    [Symbol.asyncDispose]: () => vendor.close(),
  }
}

function routesOver(held: Map<string, string>): Readonly<Record<string, StandInHandler>> {
  const routes: Record<string, StandInHandler> = {
    'GET /v2/me': () => ({ status: 200, body: { name: 'practice' } }),
    'GET /v2/departments/:department/slots': ({ parameters, query }) => {
      const slots = [`${parameters['department']} ${query.get('from')} 09:00`, `${parameters['department']} 10:00`]
      return { status: 200, body: { data: { slots } } }
    },
    'GET /v2/members/:number': ({ parameters: { number = '' } }) =>
      number === '42' ? { status: 200, body: { member: { number, tier: 'gold' } } } : { status: 404, body: {} },
    'POST /v2/search': ({ body }) => ({ status: 200, body: [body] }),
    'POST /v2/slots/:slot/bookings': ({ parameters: { slot = '' }, headers }) => {
      const key = String(headers['idempotency-key'])
      const holder = held.get(slot) ?? key
      if (holder !== key) return { status: 409, body: { error: 'taken' } }
      held.set(slot, key)
      return { status: 201, body: { booking: { id: `b-${slot}` } } }
    },
    'DELETE /v2/bookings/:key': ({ parameters: { key = '' } }) => {
      const slots = [...held].filter(([, holder]) => holder === key).map(([slot]) => slot)
      for (const slot of slots) held.delete(slot)
      return slots.length > 0 ? { status: 204 } : { status: 404, body: { error: 'no such booking' } }
    },
    'PUT /v2/plain/slots/:slot': ({ parameters: { slot = '' }, body }) => {
      if (held.has(slot)) return { status: 409, body: { error: 'taken' } }
      held.set(slot, String(Object.entries(body ?? {}).find(([name]) => name === 'ref')?.[1]))
      return { status: 200, body: { slot } }
    },
    'GET /v2/plain/bookings': ({ query }) => {
      const bookings = [...held].filter(([, key]) => key === query.get('ref')).map(([slot]) => ({ slot }))
      return { status: 200, body: { bookings } }
    },
  }
  const guarded = Object.entries(routes).map(([route, handler]): [string, StandInHandler] => [
    route,
    (request) =>
      request.headers.authorization === `Bearer ${token}`
        ? handler(request)
        : { status: 401, body: { error: `who is ${request.headers.authorization}?` } },
  ])
  return {
    ...Object.fromEntries(guarded),
    '* /echo/*': ({ method, path, query, headers, body }) => ({
      status: 200,
      body: { method, path, query: [...query], headers, body: body ?? null },
    }),
  }
}

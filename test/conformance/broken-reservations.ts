import type { Call } from 'flowgate/plugin'
import {
  pathOf,
  request,
  SampleSourceError,
  type SampleSourceHabits,
  sampleSourceFailure,
} from './sample-source-plugin.ts'

/** A sample source broken on purpose, the check that must find it, and what that check must say. */
export interface BrokenSource {
  readonly fault: string
  readonly check: string
  readonly says: RegExp
  readonly habits: SampleSourceHabits
}

/** One or more broken samples for every check about reservations. */
export const brokenReservations: readonly BrokenSource[] = [
  {
    fault: 'answers something else the second time',
    check: 'the same key reserves once and finds it held again',
    says: /answered something else the second time/,
    habits: {
      instance: (config, context) => ({
        async reserve(query, parameters, call) {
          const { status } = await request(config, context, call, `PUT ${pathOf(query, parameters, call)}`, 409)
          return status === 409 ? undefined : { again: status === 200 }
        },
      }),
    },
  },
  {
    fault: 'fails where somebody else has it',
    check: 'what one key holds is taken for every other',
    says: /reported as permanent\/record \(taken\)\. That somebody else has it is no failure/,
    habits: {
      classify: (error) => {
        const taken = error instanceof SampleSourceError && error.status === 409
        return taken ? { kind: 'permanent', scope: 'record', code: 'taken', message: 'x' } : sampleSourceFailure(error)
      },
      instance: (config, context) => ({
        reserve: async (query, parameters, call) =>
          (await request(config, context, call, `PUT ${pathOf(query, parameters, call)}`)).body,
      }),
    },
  },
  {
    fault: 'looks first and takes then',
    check: 'of ten who reserve at once one wins',
    says: /at once 10 were told they have it\. Look and take in one step/,
    habits: {
      instance: (config, context, good) => {
        // Those who come while somebody looks see what that one sees.
        const looking = new Map<string, Promise<boolean>>()
        const look = async (path: string, call: Call) => {
          const { body } = await request(config, context, call, `GET ${path}`)
          return (body as { free: boolean }).free
        }
        return {
          async reserve(query, parameters, call) {
            const path = pathOf(query, parameters, call)
            const slot = String(parameters['slot'])
            const seen = looking.get(slot) ?? look(path, call).finally(() => looking.delete(slot))
            looking.set(slot, seen)
            if (!(await seen)) return good.reserve(query, parameters, call)
            return (await request(config, context, call, `PUT ${path}&force`)).body
          },
        }
      },
    },
  },
  {
    fault: 'gives back what anybody holds',
    check: 'a release gives back what its own key holds, and twice is harmless',
    says: /gave back what another key holds/,
    habits: {
      instance: (config, context) => ({
        async release(query, parameters, call) {
          const [path] = pathOf(query, parameters, call).split('?')
          await request(config, context, call, `DELETE ${path}`, 404)
        },
      }),
    },
  },
  {
    fault: 'cannot give back twice',
    check: 'a release gives back what its own key holds, and twice is harmless',
    says: /A release of what nobody holds failed/,
    habits: {
      instance: (config, context) => ({
        async release(query, parameters, call) {
          await request(config, context, call, `DELETE ${pathOf(query, parameters, call)}`)
        },
      }),
    },
  },
  {
    fault: 'remembers in the process what it holds',
    check: 'a lost reply leaves it held by its key',
    says: /the same key was told that it is taken/,
    habits: {
      instance: (_config, _context, good) => {
        const processOnly = `${Math.random()}`
        return {
          reserve: (query, parameters, call) =>
            good.reserve(query, parameters, { ...call, idempotencyKey: call.idempotencyKey + processOnly }),
          release: (query, parameters, call) =>
            good.release(query, parameters, { ...call, idempotencyKey: call.idempotencyKey + processOnly }),
        }
      },
    },
  },
]

import type { Failure, JsonObject, Source } from 'flowgate/plugin'
import { type BrokenSource, brokenReservations } from './broken-reservations.ts'
import {
  type SampleSourceConfig,
  SampleSourceError,
  type SampleSourceHabits,
  sampleQueries,
  sampleSourceFailure,
  sampleSourceSchema,
} from './sample-source-plugin.ts'

const passing: Failure = { kind: 'retryable', code: 'x', message: 'x' }

/** One or more broken samples for every check of the kit for sources. */
export const brokenSources: readonly BrokenSource[] = [
  {
    fault: 'does not mark its token as a secret',
    check: 'the manifest is complete',
    says: /configSchema.token is a secret. Mark it writeOnly/,
    habits: { configSchema: withProperty('token', { type: 'string', description: 'The token.' }) },
  },
  {
    fault: 'does not mark an address that the guard of URLs judges',
    check: 'the settings say which addresses are asked',
    says: /configSchema\.url is asked by context\.fetch\. Mark it format: 'guarded-url'/,
    habits: { configSchema: withProperty('url', { type: 'string', description: 'The address of the vendor.' }) },
  },
  {
    fault: 'does not describe a query it answers',
    check: 'the queries it describes are those it answers',
    says: /queries\(\) does not describe member/,
    habits: { queries: sampleQueries.filter(({ name }) => name !== 'member') },
  },
  {
    fault: 'describes a reservation as a question',
    check: 'the queries it describes are those it answers',
    says: /describes hold as read, not reserve/,
    habits: { queries: sampleQueries.map((one) => (one.name === 'hold' ? { ...one, purpose: 'read' } : one)) },
  },
  {
    fault: 'counts the key among the parameters',
    check: 'the queries it describes are those it answers',
    says: /says that free needs key, and it is asked without/,
    habits: {
      queries: sampleQueries.map((one) => (one.name === 'free' ? { ...one, parameters: ['slot', 'key'] } : one)),
    },
  },
  {
    fault: 'answers an envelope instead of the rows',
    check: 'a question is answered with what is there',
    says: /not answered with what is there\. Answer rows as a list/,
    habits: answering((good) => async (...asked) => {
      const rows = await good(...asked)
      return Array.isArray(rows) && rows.length > 0 ? { rows } : rows
    }),
  },
  {
    fault: 'fails where there is nothing to find',
    check: 'nothing found is an empty list or null',
    says: /What finds nothing failed\. Nothing found is no failure/,
    habits: answering((good) => async (...asked) => {
      const rows = await good(...asked)
      if (Array.isArray(rows) && rows.length === 0) throw new SampleSourceError(404, 0)
      return rows
    }),
  },
  {
    fault: 'answers an object where there is nothing to find',
    check: 'nothing found is an empty list or null',
    says: /answered with something else than nothing/,
    habits: answering((good) => async (...asked) => {
      const rows = await good(...asked)
      return Array.isArray(rows) && rows.length === 0 ? { found: false } : rows
    }),
  },
  {
    fault: 'answers a query it does not have',
    check: 'an unknown query is a permanent failure',
    says: /An unknown query was answered/,
    habits: answering(
      (good) =>
        async (query, ...asked) =>
          query === 'member' ? good(query, ...asked) : [],
    ),
  },
  {
    fault: 'keeps the question on the instance',
    check: 'questions at once do not mix',
    says: /one got another's answer\. Keep what belongs to one question in the call/,
    habits: answering((good) => {
      let current: JsonObject
      return async (query, parameters, call) => {
        current = parameters
        await Promise.resolve()
        return good(query, current, call)
      }
    }),
  },
  {
    fault: 'does not say whose account answers',
    check: 'health says yes and names whose account answers',
    says: /health names no account/,
    habits: {
      instance: (_config, _context, good) => ({
        async health(call) {
          const health = await good.health(call)
          return health.ok ? { ok: true, account: '' } : health
        },
      }),
    },
  },
  {
    fault: 'gives up when the vendor is down',
    check: 'an unavailable source is retryable',
    says: /reported as permanent\/record \(x\)\. Classify 5xx/,
    habits: classifying(503, { kind: 'permanent', scope: 'record', code: 'x', message: 'x' }),
  },
  {
    fault: 'tries again by itself',
    check: 'there are no retries inside',
    says: /made 2 requests\. Turn the client's own retries off/,
    habits: answering((good) => async (...asked) => {
      return good(...asked).catch((error: unknown) => {
        if (error instanceof SampleSourceError && error.status === 503) return good(...asked)
        throw error
      })
    }),
  },
  {
    fault: 'waits a minute whatever the vendor says',
    check: 'a rate limit says how long',
    says: /A rate limit of 7 s was reported as 60 s/,
    habits: classifying(429, { kind: 'rate-limited', code: 'x', message: 'x', retryAfterSeconds: 60 }),
  },
  {
    fault: 'asks on with refused credentials',
    check: 'refused credentials stop the source',
    says: /reported as retryable \(x\)\. Classify refused/,
    habits: classifying(401, passing),
  },
  {
    fault: 'believes its credentials without asking',
    check: 'refused credentials stop the source',
    says: /With refused credentials health said yes/,
    habits: { instance: () => ({ health: async () => ({ ok: true, account: 'sample' }) }) },
  },
  {
    fault: 'claims every error',
    check: 'a foreign error is not claimed',
    says: /classify made retryable \(x\) of an error that is not its own/,
    habits: { classify: (error) => sampleSourceFailure(error) ?? passing },
  },
  {
    fault: 'does not pass the signal on',
    check: 'an abort ends a hanging question',
    says: /still pending 1 s after its abort/,
    habits: answering((good) => (query, parameters, call) => {
      return good(query, parameters, { ...call, signal: new AbortController().signal })
    }),
  },
  {
    fault: 'turns away at an abort and leaves the question running',
    check: 'an abort ends a hanging question',
    says: /went on where it was asked after its abort\. Pass call\.signal/,
    habits: answering((good) => (query, parameters, call) => {
      const asking = good(query, parameters, { ...call, signal: new AbortController().signal })
      const aborted = Promise.withResolvers<never>()
      call.signal.addEventListener('abort', () => aborted.reject(new SampleSourceError(0, 0)))
      asking.catch(() => undefined)
      return Promise.race([asking, aborted.promise])
    }),
  },
  ...brokenReservations,
  {
    fault: 'cannot be closed twice',
    check: 'closing twice is harmless',
    says: /The second close failed/,
    habits: {
      instance: () => {
        let closed = false
        return {
          async close() {
            if (closed) throw new Error('already closed')
            closed = true
          },
        }
      },
    },
  },
  {
    fault: 'puts its token into a failure',
    check: 'no secret is printed',
    says: /1 secret or personal values appear in a failure/,
    habits: classifying(503, { kind: 'retryable', code: 'x', message: 'down for sample-right-4711' }),
  },
  {
    fault: 'logs what it is asked',
    check: 'no secret is printed',
    says: /3 secret or personal values appear in a log line/,
    habits: {
      instance: (_config, context, good) => ({
        read(query, parameters, call) {
          context.log.info({ query, parameters }, 'sample.asked')
          return good.read(query, parameters, call)
        },
      }),
    },
  },
  {
    fault: 'prints its token',
    check: 'no secret is printed',
    says: /1 secret or personal values appear in the console/,
    habits: {
      instance: (config: SampleSourceConfig, _context, good) => ({
        read(query, parameters, call) {
          if (config.token.includes('wrong')) console.log(`using ${config.token}`)
          return good.read(query, parameters, call)
        },
      }),
    },
  },
]

function answering(make: (good: Source['read']) => Source['read']): SampleSourceHabits {
  return { instance: (_config, _context, good) => ({ read: make(good.read) }) }
}

function classifying(status: number, failure: Failure): SampleSourceHabits {
  return {
    classify: (error) =>
      error instanceof SampleSourceError && error.status === status ? failure : sampleSourceFailure(error),
  }
}

function withProperty(name: string, property: JsonObject) {
  const properties = sampleSourceSchema['properties']
  return { ...sampleSourceSchema, properties: { ...(properties as JsonObject), [name]: property } }
}

import type { Deliverer, JsonObject, Message, Receipt } from 'flowgate/plugin'
import {
  find,
  post,
  type SampleConfig,
  SampleError,
  type SampleHabits,
  sampleFailure,
  sampleSchema,
} from './sample-plugin.ts'

/** A sample plugin broken on purpose, the check that must find it, and what that check must say. */
export interface BrokenSample {
  readonly fault: string
  readonly check: string
  readonly says: RegExp
  readonly habits: SampleHabits
}

/** One or more broken samples for every check of the kit. */
export const brokenSamples: readonly BrokenSample[] = [
  {
    fault: 'takes unknown settings',
    check: 'the manifest is complete',
    says: /Set additionalProperties: false/,
    habits: { configSchema: { ...sampleSchema, additionalProperties: true } },
  },
  {
    fault: 'does not mark its token as a secret',
    check: 'the manifest is complete',
    says: /configSchema.token is a secret. Mark it writeOnly/,
    habits: { configSchema: withProperty('token', { type: 'string', description: 'The token.' }) },
  },
  {
    fault: 'does not say what a setting is',
    check: 'the manifest is complete',
    says: /configSchema.url has no description/,
    habits: { configSchema: withProperty('url', { type: 'string' }) },
  },
  {
    fault: 'has a name that is no file name',
    check: 'the manifest is complete',
    says: /name is not kebab-case/,
    habits: { name: 'My Sample' },
  },
  {
    fault: 'does not say what cures a failure',
    check: 'the manifest is complete',
    says: /failureCodes.SAMPLE_DOWN lacks its meaning or its cure/,
    habits: { failureCodes: { SAMPLE_DOWN: { meaning: 'The vendor is down.', cure: ' ' } } },
  },
  {
    fault: 'says created of a message',
    check: 'a delivery is made once and confirmed',
    says: /The receipt says "created"/,
    habits: delivering((config) => async (message, call) => {
      const found = call.uncertain ? await find(config, call) : undefined
      return { ...(found ?? (await post(config, message, call))), outcome: 'created' }
    }),
  },
  {
    fault: 'does not look for what it sent itself',
    check: 'the same delivery made twice leaves one',
    says: /there are 2 effects, not one\. Give the vendor the idempotency key/,
    habits: delivering((config) => {
      const sent = new Set<string>()
      return async (message, call) => {
        const found = call.uncertain && !sent.has(call.idempotencyKey) ? await find(config, call) : undefined
        sent.add(call.idempotencyKey)
        return found ?? post(config, message, call)
      }
    }),
  },
  {
    fault: 'remembers in the process what it sent',
    check: 'a lost reply leaves one',
    says: /there are 2 effects, not one\. Give the vendor the idempotency key/,
    habits: delivering((config) => {
      const receipts = new Map<string, Receipt>()
      return async (message, call) => {
        const receipt = receipts.get(call.idempotencyKey) ?? (await post(config, message, call))
        receipts.set(call.idempotencyKey, receipt)
        return receipt
      }
    }),
  },
  {
    fault: 'keeps the message on the instance',
    check: 'concurrent calls do not mix',
    says: /Keep what belongs to one call in the call/,
    habits: delivering((config) => {
      let current: Message
      return async (message, call) => {
        current = message
        const found = call.uncertain ? await find(config, call) : await Promise.resolve(undefined)
        return found ?? post(config, current, call)
      }
    }),
  },
  {
    fault: 'does not say that a message is late',
    check: 'a late message says so, and what completes it carries the link',
    says: /A late message reads like any other/,
    habits: delivering((config) => async (message, call) => {
      const found = call.uncertain ? await find(config, call) : undefined
      const { late: _, ...whole } = message
      return found ?? post(config, whole, call)
    }),
  },
  {
    fault: 'takes what completes a late message for sent',
    check: 'a late message says so, and what completes it carries the link',
    says: /After a late message was completed, 0 messages carry the link/,
    habits: delivering((config) => async (message, call) => {
      const found = call.uncertain ? await find(config, call) : undefined
      return message.completes ?? found ?? post(config, message, call)
    }),
  },
  {
    fault: 'gives up when the vendor is down',
    check: 'an unavailable vendor is retryable',
    says: /reported as permanent\/record \(x\)\. Classify 5xx/,
    habits: classifying(503, { kind: 'permanent', scope: 'record', code: 'x', message: 'x' }),
  },
  {
    fault: 'tries again by itself',
    check: 'there are no retries inside',
    says: /made 2 write requests\. Turn the vendor SDK's own retries off/,
    habits: delivering((config) => async (message, call) => {
      const found = call.uncertain ? await find(config, call) : undefined
      if (found) return found
      return post(config, message, call).catch((error: unknown) => {
        if (error instanceof SampleError && error.status === 503) return post(config, message, call)
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
    fault: 'goes on with refused credentials',
    check: 'refused credentials stop the destination',
    says: /reported as retryable \(x\)\. Classify refused/,
    habits: classifying(401, { kind: 'retryable', code: 'x', message: 'x' }),
  },
  {
    fault: 'wants a person to say that its credentials are good again, which its health sees',
    check: 'refused credentials stop the destination',
    says: /reported as mended by hand alone\. Leave byHand out/,
    habits: classifying(401, { kind: 'permanent', scope: 'destination', code: 'x', message: 'x', byHand: true }),
  },
  {
    fault: 'stops everything for one bad input',
    check: 'a rejected record stops only itself',
    says: /reported as permanent\/destination \(x\)\. Classify what the vendor refuses/,
    habits: classifying(422, { kind: 'permanent', scope: 'destination', code: 'x', message: 'x' }),
  },
  {
    fault: 'claims every error',
    check: 'a foreign error is not claimed',
    says: /classify made retryable \(x\) of an error that is not its own/,
    habits: { classify: (error) => sampleFailure(error) ?? { kind: 'retryable', code: 'x', message: 'x' } },
  },
  {
    fault: 'does not pass the signal on',
    check: 'an abort ends a hanging call',
    says: /still pending 1 s after its abort/,
    habits: delivering((config) => async (message, call) => {
      const deaf = { ...call, signal: new AbortController().signal }
      const found = call.uncertain ? await find(config, deaf) : undefined
      return found ?? post(config, message, deaf)
    }),
  },
  {
    fault: 'turns away at an abort and leaves the socket open',
    check: 'an abort ends a hanging call',
    says: /socket was still open after its abort\. Pass call\.signal/,
    habits: delivering((config) => async (message, call) => {
      const deaf = { ...call, signal: new AbortController().signal }
      const aborted = Promise.withResolvers<never>()
      call.signal.addEventListener('abort', () => aborted.reject(new SampleError(0, 0)))
      const found = call.uncertain ? await find(config, deaf) : undefined
      const posting = post(config, message, deaf)
      posting.catch(() => undefined)
      return found ?? Promise.race([posting, aborted.promise])
    }),
  },
  {
    fault: 'believes its credentials without asking',
    check: 'health says no to refused credentials and writes nothing',
    says: /With refused credentials health said yes/,
    habits: { instance: () => ({ health: async () => ({ ok: true, account: 'sample' }) }) },
  },
  {
    fault: 'tries its health by writing',
    check: 'health says no to refused credentials and writes nothing',
    says: /health made \d write requests/,
    habits: {
      instance: (config) => ({
        async health(call) {
          try {
            await post(config, { title: 'health', facts: [] }, call)
            return { ok: true, account: 'sample' }
          } catch (error) {
            return { ok: false, failure: sampleFailure(error) ?? { kind: 'retryable', code: 'x', message: 'x' } }
          }
        },
      }),
    },
  },
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
    fault: 'logs its settings',
    check: 'no secret is printed',
    says: /2 secret or personal values appear in a log line/,
    habits: {
      instance(config, context) {
        context.log.info({ url: config.url, token: config.token }, 'sample.configured')
        return {}
      },
    },
  },
  {
    fault: 'prints its token',
    check: 'no secret is printed',
    says: /1 secret or personal values appear in the console/,
    habits: delivering((config) => async (message, call) => {
      const found = call.uncertain ? await find(config, call) : undefined
      if (config.token.includes('wrong')) console.log(`using ${config.token}`)
      return found ?? post(config, message, call)
    }),
  },
]

/** Sends without looking, where the vendor offers nothing to look with. */
export const blindSample: SampleHabits = delivering((config) => (message, call) => post(config, message, call))

function delivering(make: (config: SampleConfig) => Deliverer<Message>['deliver']): SampleHabits {
  return { instance: (config) => ({ deliver: make(config) }) }
}

function classifying(status: number, failure: ReturnType<typeof sampleFailure>): SampleHabits {
  return {
    classify: (error) => (error instanceof SampleError && error.status === status ? failure : sampleFailure(error)),
  }
}

function withProperty(name: string, property: JsonObject) {
  const properties = sampleSchema['properties']
  return { ...sampleSchema, properties: { ...(properties as JsonObject), [name]: property } }
}

import rateLimit, { type FastifyRateLimitOptions, type FastifyRateLimitStore } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Json } from '../plugin/json.ts'
import { addressKey, type RateLimiter, requestKey } from './rate-limiter.ts'
import { WINDOW_MS } from './request-counter.ts'

/** The two questions the endpoint asks about how much is too much. Each asking counts one request. */
export interface RequestLimits {
  /** Whether this signed, opened request is over the limit of its flow and token. */
  isOver(request: FastifyRequest, flow: string, flowToken: Json | undefined): Promise<boolean>
  /** Seconds until an address that keeps sending unsigned requests is heard again; `undefined` while it may go on. */
  unsignedRetryAfterSeconds(request: FastifyRequest): Promise<number | undefined>
}

const UNLIMITED: RequestLimits = {
  isOver: async () => false,
  unsignedRetryAfterSeconds: async () => undefined,
}

/** Puts `@fastify/rate-limit` over the limiter's counts. No route is limited by itself: a request is only counted once its signature is judged. */
export async function requestLimits(app: FastifyInstance, limiter: RateLimiter | undefined): Promise<RequestLimits> {
  if (limiter === undefined) return UNLIMITED
  await app.register(rateLimit, { global: false, store: storeOver(limiter) })
  const keys = new WeakMap<FastifyRequest, string>()
  const limit = (max: number) =>
    app.createRateLimit({ max, timeWindow: WINDOW_MS, keyGenerator: (request) => keys.get(request) ?? '' })
  const exchanges = limit(limiter.perMinute)
  const unsigned = limit(limiter.unsignedPerMinute)
  app.addHook('onReady', async () => limiter.start())
  app.addHook('onClose', async () => limiter.stop())
  return {
    isOver: async (request, flow, flowToken) => {
      keys.set(request, requestKey(flow, flowToken))
      const verdict = await exchanges(request)
      return !verdict.isAllowed && verdict.isExceeded
    },
    unsignedRetryAfterSeconds: async (request) => {
      keys.set(request, addressKey(request.ip))
      const verdict = await unsigned(request)
      return !verdict.isAllowed && verdict.isExceeded ? verdict.ttlInSeconds : undefined
    },
  }
}

/** The store the plugin asks for: a class of its own making, so the counts come in by closure. */
function storeOver({ counter }: RateLimiter): new (options: FastifyRateLimitOptions) => FastifyRateLimitStore {
  return class CountingStore implements FastifyRateLimitStore {
    incr(key: string, callback: Parameters<FastifyRateLimitStore['incr']>[1]): void {
      callback(null, counter.increment(key))
    }

    child(): FastifyRateLimitStore {
      return this
    }
  }
}

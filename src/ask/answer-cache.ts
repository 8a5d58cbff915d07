import { LRUCache } from 'lru-cache'
import type { Clock } from '../clock.ts'
import type { CacheSettings } from '../config/configuration.ts'
import type { Json } from '../plugin/json.ts'
import { foundNothing, type SoundAnswer } from './sound-answer.ts'

/** How far a kept answer may be used. `stale`: at once, while a fresh one is fetched. `expired`: where nothing else is to be had. */
export type Freshness = 'fresh' | 'stale' | 'expired'

/** Until when an answer is fresh, and until when it is kept at all. */
export interface Lifetime {
  readonly answeredAt: Date
  readonly freshUntil: Date
  readonly keptUntil: Date
}

/** One source's answers in this process, by question. */
export interface AnswerCache {
  find(key: string): { readonly answer: Json; readonly freshness: Freshness } | undefined
  /** Keeps an answer that just came, and tells for how long. */
  keep(key: string, sound: SoundAnswer): Lifetime
  /**
   * Keeps an answer that another process got, unless there is one at least as new. One from before the last `outdate` may
   * stand in at most.
   */
  adopt(key: string, sound: SoundAnswer, lifetime: Lifetime): void
  /** Something changed at the source: whatever is kept may stand in at most. */
  outdate(): void
  /** Counts how often `outdate` was called: what was asked before it is not to be kept as fresh after it. */
  readonly generation: number
}

export interface AnswerCacheOptions {
  readonly settings: CacheSettings
  /** How long answers may stand in where the source cannot answer; 0 where nobody lets them. */
  readonly standInMs: number
  readonly clock: Clock
}

/** Besides the number of answers: a few large ones must not fill the memory either. Of JSON text. */
const MOST_BYTES = 32 * 1024 * 1024

interface Kept {
  readonly answer: Json
  readonly bytes: number
  readonly answeredAt: number
  readonly freshUntil: number
  readonly keptUntil: number
  readonly generation: number
}

/** An empty cache of bounded size. "Nothing found" is kept for its own time only: it neither goes stale nor stands in. */
export function createAnswerCache({ settings, standInMs, clock }: AnswerCacheOptions): AnswerCache {
  const now = () => clock.now().getTime()
  const kept = new LRUCache<string, Kept>({
    max: settings.entries,
    maxSize: MOST_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
    perf: { now },
    ttlResolution: 0,
  })
  let generation = 0
  let outdatedAt = Number.NEGATIVE_INFINITY

  const put = (key: string, { answer, bytes }: SoundAnswer, lifetime: Lifetime, of: number) => {
    const answeredAt = lifetime.answeredAt.getTime()
    const freshUntil = lifetime.freshUntil.getTime()
    const keptUntil = lifetime.keptUntil.getTime()
    const ttl = keptUntil - now()
    if (ttl <= 0) kept.delete(key)
    else kept.set(key, { answer, bytes, answeredAt, freshUntil, keptUntil, generation: of }, { ttl })
  }

  const freshness = ({ answer, freshUntil, generation: of }: Kept): Freshness => {
    if (of !== generation) return 'expired'
    if (now() < freshUntil) return 'fresh'
    return !foundNothing(answer) && now() < freshUntil + settings.staleMs ? 'stale' : 'expired'
  }

  return {
    find(key) {
      const found = kept.get(key)
      // To the millisecond: the package itself lets an answer go one later.
      if (found === undefined || now() >= found.keptUntil) return undefined
      return { answer: found.answer, freshness: freshness(found) }
    },
    keep(key, sound) {
      const answeredAt = now()
      const nothing = foundNothing(sound.answer)
      const freshMs = nothing ? settings.nothingFoundMs : settings.ttlMs
      const keptMs = nothing ? freshMs : Math.max(freshMs + settings.staleMs, standInMs)
      const lifetime = {
        answeredAt: new Date(answeredAt),
        freshUntil: new Date(answeredAt + freshMs),
        keptUntil: new Date(answeredAt + keptMs),
      }
      put(key, sound, lifetime, generation)
      return lifetime
    },
    adopt(key, sound, lifetime) {
      const answeredAt = lifetime.answeredAt.getTime()
      // What is written aside may not be written yet, and then the row is older than what this process knows.
      if ((kept.get(key)?.answeredAt ?? Number.NEGATIVE_INFINITY) >= answeredAt) return
      put(key, sound, lifetime, answeredAt > outdatedAt ? generation : -1)
    },
    outdate() {
      generation += 1
      outdatedAt = now()
    },
    get generation() {
      return generation
    },
  }
}

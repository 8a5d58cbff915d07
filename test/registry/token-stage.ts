import type { ObtainedToken } from 'flowgate/plugin'
import { pluginStores } from '../../src/app/plugin-stores.ts'
import { type AccessTokens, createAccessTokens } from '../../src/registry/access-tokens.ts'
import { createPool } from '../../src/store/pool.ts'
import { testClock } from '../support/clock.ts'
import { testDatabase } from '../support/database.ts'
import { keptLog } from '../support/log.ts'

export const going = new AbortController().signal

/** A database, and processes that keep their tokens in it. */
export async function tokenStage() {
  const database = await testDatabase()
  const clock = testClock()
  const { log, lines } = keptLog()
  const pools = [0, 1].map(() => createPool({ url: database.url, max: 3, name: 'test' }))
  const [pool = createPool({ url: database.url, max: 1, name: 'none' })] = pools
  return {
    pool,
    clock,
    lines,
    /** The tokens of another process, each with memory and connections of its own. */
    process(secret = 's3cret', connections = pools[processes++ % 2] ?? pool): AccessTokens {
      const { tokenShelf } = pluginStores(connections, secret, log)
      return createAccessTokens({ shelf: tokenShelf, clock, log })
    },
    withoutSecret: () => createAccessTokens({ shelf: pluginStores(pool, undefined, log).tokenShelf, clock, log }),
    async [Symbol.asyncDispose]() {
      for (const each of pools) await each.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

let processes = 0

/** A vendor that gives a new token each time it is asked, or lets the test decide. */
export function tokenVendor(expiresAt?: Date) {
  const kept: (ObtainedToken | undefined)[] = []
  return {
    /** What each call was given as obtained before. */
    kept,
    async obtain(before: ObtainedToken | undefined): Promise<ObtainedToken> {
      kept.push(before)
      const number = kept.length
      const more = expiresAt === undefined ? {} : { expiresAt }
      return { accessToken: `access-${number}`, refreshToken: `refresh-${number}`, about: { number }, ...more }
    },
  }
}

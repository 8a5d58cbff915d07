import type pg from 'pg'
import type { Delivering } from '../../src/deliver/delivering.ts'

/** A process that dies while it waits for the database: nothing it had under way ever goes on. */
export interface Dying {
  readonly delivering: Delivering
  /** Resolves with `true` when it dies. */
  readonly died: Promise<true>
}

/** Everything that delivers, in a process that dies instead of sending its next statement after so many. */
export function dyingAfter(delivering: Delivering, statements: number): Dying {
  const { promise: died, resolve } = Promise.withResolvers<true>()
  let left = statements
  const never = () => new Promise<never>(() => {})
  const pool = new Proxy(delivering.pool, {
    get(target, key) {
      if (key === 'connect') return connect
      if (key === 'query')
        return (...given: Parameters<typeof target.query>) => (dies() ? never() : target.query(...given))
      return Reflect.get(target, key)
    },
  })
  return { delivering: { ...delivering, pool }, died }

  function dies(): boolean {
    left -= 1
    if (left < 0) resolve(true)
    return left < 0
  }

  async function connect(): Promise<pg.PoolClient> {
    if (left < 0) return never()
    const client = await delivering.pool.connect()
    let gone = false
    const query = (given: Parameters<typeof client.query>) => {
      if (!dies()) return client.query(...given)
      // The server rolls back what a dead process had begun, whichever of its statements was the one too many.
      if (!gone) client.release(true)
      gone = true
      return never()
    }
    return new Proxy(client, {
      get(target, key) {
        if (key === 'query') return (...given: Parameters<typeof target.query>) => query(given)
        const own = Reflect.get(target, key)
        return typeof own === 'function' ? own.bind(target) : own
      },
    })
  }
}

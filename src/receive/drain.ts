import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'

const LOOK_EVERY_MS = 50

const stoppingServers = new WeakSet<FastifyInstance>()

/** Whether a server has been told to stop: it is not ready any more and asks its clients to close their connections. */
export function isStopping(server: FastifyInstance): boolean {
  return stoppingServers.has(server)
}

export interface StopOptions {
  /** Connections still busy after this long are cut. */
  readonly withinMs: number
  /**
   * How long new connections are still taken after `/readyz` has begun to say no, so that balancers look elsewhere first
   * and clients let go of idle connections by themselves. Default 500.
   */
  readonly leaveTimeMs?: number
}

/**
 * Stops a server without losing an exchange: not ready at once, then nothing new is taken, requests begun are answered,
 * idle connections are closed. Resolves when the last connection is gone, at the latest after `withinMs`.
 */
export async function stop(app: FastifyInstance, { withinMs, leaveTimeMs = 500 }: StopOptions): Promise<void> {
  stoppingServers.add(app)
  const deadline = setTimeout(() => app.server.closeAllConnections(), withinMs)
  await pause(Math.min(leaveTimeMs, withinMs))
  // A connection that falls idle while the server closes would otherwise live on until its keep-alive time ends.
  const looking = setInterval(() => closeIdle(app.server), LOOK_EVERY_MS)
  try {
    await app.close()
  } finally {
    clearInterval(looking)
    clearTimeout(deadline)
  }
}

function closeIdle(server: Server): void {
  server.closeIdleConnections()
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}

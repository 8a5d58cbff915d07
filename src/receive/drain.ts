import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

const LOOK_EVERY_MS = 50
/** How long a connection that was just opened may take to send its first byte: its request may be on the way. */
const FIRST_BYTE_WITHIN_MS = 2_000

const stoppingServers = new WeakSet<FastifyInstance>()
const connections = new WeakMap<FastifyInstance, Map<Socket, number>>()

/** Keeps track of a server's connections, so that `stop` can tell those on which nobody ever asked anything. Once per server, before it listens. */
export function trackConnections(app: FastifyInstance): void {
  const open = new Map<Socket, number>()
  connections.set(app, open)
  app.server.on('connection', (socket) => {
    open.set(socket, performance.now())
    socket.once('close', () => open.delete(socket))
  })
}

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
  while (isWriting(app)) await pause(LOOK_EVERY_MS)
  const looking = setInterval(() => closeUnused(app), LOOK_EVERY_MS)
  try {
    await app.close()
  } finally {
    clearInterval(looking)
    clearTimeout(deadline)
  }
}

/** Connections opened ahead of need: Node takes them for busy and would wait for their first request. */
function closeUnused(app: FastifyInstance): void {
  const openedBefore = performance.now() - FIRST_BYTE_WITHIN_MS
  for (const [socket, openedAt] of socketsOf(app)) {
    if (socket.bytesRead === 0 && openedAt < openedBefore) socket.destroy()
  }
}

/** Whether an answer is still on its way out. A closing server takes its connection for idle and cuts it off in the middle. */
function isWriting(app: FastifyInstance): boolean {
  return [...socketsOf(app).keys()].some((socket) => !socket.destroyed && socket.writableLength > 0)
}

function socketsOf(app: FastifyInstance): ReadonlyMap<Socket, number> {
  return connections.get(app) ?? new Map()
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}

import type { FastifyInstance } from 'fastify'
import { isStopping } from './drain.ts'
import type { ReadyCheck, ServerOptions } from './options.ts'

/** A check that hangs is a check that says no. */
const CHECK_WITHIN_MS = 2_000

/** Adds `/health`, `/livez`, `/readyz` and `/metrics`. They need no token and show nothing personal. */
export function addHealth(app: FastifyInstance, options: ServerOptions): void {
  const notReady = askOnceAtATime(options)
  app.get('/livez', (_request, reply) => reply.send({ status: 'ok' }))

  app.get('/readyz', async (_request, reply) => {
    const missing = isStopping(app) ? ['stopping'] : await notReady()
    return missing.length === 0
      ? reply.send({ status: 'ready' })
      : reply.code(503).send({ status: 'not ready', not_ready: missing })
  })

  app.get('/health', async (_request, reply) => {
    const missing = await notReady()
    const status = isStopping(app) ? 'stopping' : missing.length === 0 ? 'ok' : 'not ready'
    const checks = Object.fromEntries([...options.ready.keys()].map((name) => [name, !missing.includes(name)]))
    return reply.code(status === 'ok' ? 200 : 503).send({
      status,
      checks,
      uptime_seconds: Math.floor(process.uptime()),
      ...options.summary?.(),
    })
  })

  app.get('/metrics', async (_request, reply) =>
    reply.type(options.metrics.registry.contentType).send(await options.metrics.registry.metrics()),
  )
}

/** Names of the checks that say no. Askers at the same moment share one round, so a flood of them is no load on the database. */
function askOnceAtATime({ ready, log }: ServerOptions): () => Promise<readonly string[]> {
  let round: Promise<readonly string[]> | undefined
  const ask = async () => {
    const answers = await Promise.all(
      [...ready].map(async ([name, check]) => {
        const holds = await within(CHECK_WITHIN_MS, check).catch((error: unknown) => {
          log.warn({ check: name, error }, 'ready_check.failed')
          return false
        })
        return holds ? [] : [name]
      }),
    )
    return answers.flat()
  }
  return () => {
    round ??= ask().finally(() => {
      round = undefined
    })
    return round
  }
}

async function within(milliseconds: number, check: ReadyCheck): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), milliseconds)
  try {
    return await Promise.race([check(), promise])
  } finally {
    clearTimeout(timer)
  }
}

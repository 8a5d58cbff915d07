import type pg from 'pg'
import type { Clock } from '../clock.ts'
import type { Configuration } from '../config/configuration.ts'
import type { Log } from '../log.ts'
import type { Message } from '../plugin/delivery.ts'
import { type Failure, FailureError } from '../plugin/failure.ts'
import { callWithin } from '../registry/call-within.ts'
import type { Registry, RunningNotifier } from '../registry/registry.ts'
import { claimUntold, markTold, tellLater, type UntoldAlert } from '../store/alerts.ts'

export interface TellerOptions {
  readonly pool: pg.Pool
  readonly registry: Registry
  readonly configuration: () => Configuration
  readonly clock: Clock
  readonly log: Log
}

export interface Teller {
  /** Tells of every alert that opened or closed and was not told of. Never opens an alert itself, so it cannot go round in circles. */
  tell(): Promise<void>
}

const AT_ONCE = 20
const MARGIN_MS = 5_000
const DEFAULT_DEADLINE_MS = 10_000

// After the first try that failed the first of these, and so on; then the message is given up, and the log holds it.
const RETRY_AFTER_SECONDS = [10, 30, 120, 600, 1_800, 3_600, 3 * 3_600, 12 * 3_600]

/**
 * Tells operators of alerts: a log line for each, and a message to the destination that the configuration names under
 * `alerts`. Over all processes each opening and each closing is told once; after a crash the vendor is asked first.
 */
export function createTeller(options: TellerOptions, stopping: AbortSignal): Teller {
  const { pool, clock, configuration } = options
  return {
    async tell() {
      for (let told = 0; told < AT_ONCE && !stopping.aborted; told += 1) {
        const now = clock.now()
        const until = new Date(now.getTime() + deadlineMs(configuration()) + MARGIN_MS)
        const alert = await claimUntold(pool, now, until)
        if (alert === undefined) return
        await tellOne(options, alert, stopping)
      }
    },
  }
}

function deadlineMs(configuration: Configuration): number {
  const { alertsTo } = configuration
  const settings = alertsTo === undefined ? undefined : configuration.destinations.get(alertsTo)
  return settings?.answerWithinMs ?? DEFAULT_DEADLINE_MS
}

async function tellOne(options: TellerOptions, alert: UntoldAlert, stopping: AbortSignal): Promise<void> {
  const { pool, clock, log, configuration } = options
  const { id: alertId, condition, title, text, count } = alert
  if (alert.tries === 1) {
    if (alert.telling === 'close') log.info({ alertId, condition, title, count }, 'alert.closed')
    else if (alert.severity === 'error') log.error({ alertId, condition, title, text, count }, 'alert.opened')
    else log.warn({ alertId, condition, title, text, count }, 'alert.opened')
  }
  const channel = configuration().alertsTo
  if (channel === undefined) {
    await markTold(pool, alert, clock.now())
    return
  }
  const failure = await send(options, channel, alert, stopping)
  if (failure === 'stopped') return
  const now = clock.now()
  const retryAt = failure === undefined ? undefined : nextTry(failure, alert.tries, now)
  if (failure !== undefined) {
    log.warn({ alertId, condition, channel, code: failure.code, reason: failure.message, retryAt }, 'alert.untold')
  }
  if (retryAt === undefined) await markTold(pool, alert, now)
  else await tellLater(pool, alertId, retryAt)
}

/** When to try again; `undefined` where that is of no use, or the message may have arrived. */
function nextTry(failure: Failure, tries: number, now: Date): Date | undefined {
  if (failure.kind === 'unknown' || (failure.kind === 'permanent' && failure.scope === 'record')) return undefined
  const seconds = RETRY_AFTER_SECONDS[tries - 1]
  if (seconds === undefined) return undefined
  const atLeast = failure.kind === 'rate-limited' ? failure.retryAfterSeconds : 0
  return new Date(now.getTime() + Math.max(seconds, atLeast) * 1_000)
}

async function send(
  { registry, configuration, log }: TellerOptions,
  channel: string,
  alert: UntoldAlert,
  stopping: AbortSignal,
): Promise<Failure | 'stopped' | undefined> {
  let notifier: RunningNotifier
  try {
    notifier = await registry.notifier(channel)
  } catch (error) {
    return classified(error, undefined)
  }
  const call = {
    idempotencyKey: `${alert.id}.${alert.telling}`,
    attempt: alert.tries,
    // An alert told twice is better than one never told: where nothing can tell, it goes out again, marked.
    uncertain: alert.tries > 1,
    resend: alert.tries > 1,
  }
  const called = await callWithin((signal) => notifier.instance.deliver(messageOf(alert), { ...call, signal }), {
    deadlineMs: deadlineMs(configuration()),
    stopping,
    onLate: (late) => log.warn({ alertId: alert.id, channel, late }, 'result.discarded'),
  })
  if (called.kind === 'answered') return undefined
  if (called.kind === 'ended' && called.why === 'stopped') return 'stopped'
  return classified(called.error, notifier)
}

function classified(error: unknown, notifier: RunningNotifier | undefined): Failure {
  const known = notifier === undefined ? ownWord(error) : notifier.classify(error)
  return (
    known ?? { kind: 'retryable', code: 'FG_ALERT_UNTOLD', message: 'The destination for alerts could not be reached.' }
  )
}

/** Of the registry, where the destination for alerts could not be set up. */
function ownWord(error: unknown): Failure | undefined {
  return error instanceof FailureError ? error.failure : undefined
}

function messageOf(alert: UntoldAlert): Message {
  const { link: url, ...shown } = alert.facts
  const facts = Object.entries(shown).map(([label, value]) => ({ label, value: String(value) }))
  const link = typeof url === 'string' ? { link: { label: 'Open the record', url } } : {}
  const since = { label: 'since', value: alert.openedAt.toISOString() }
  if (alert.telling === 'open') return { title: alert.title, text: alert.text, facts: [...facts, since], ...link }
  const times = alert.count === 1 ? 'once' : `${alert.count} times`
  return {
    title: `Over: ${alert.title}`,
    text: `It was seen ${times}. Nothing is left to do.`,
    facts: [...facts, since],
  }
}

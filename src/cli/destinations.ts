import { systemClock } from '../clock.ts'
import type { Configuration } from '../config/configuration.ts'
import { type DestinationStatus, readDestinationStatuses } from '../deliver/destination-status.ts'
import { type Pausing, pauseDestination as pause, resumeDestination as resume } from '../deliver/pause.ts'
import type { JsonObject } from '../plugin/json.ts'
import { didYouMean } from '../value/nearest.ts'
import { type ConfigOption, configurationWithoutSecrets } from './configuration.ts'
import { atDesk, withQueue } from './desk.ts'
import { CommandError, type Outcome } from './outcome.ts'
import { table } from './table.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Shows every destination. Not ok while any is paused, out of reach, or has something failed. */
export async function destinationStatus(options: ConfigOption, env: Variables): Promise<Outcome> {
  const configuration = await configurationWithoutSecrets(options, env)
  const statuses = await atDesk(env, ({ pool }) => readDestinationStatuses(pool, configuration, systemClock.now()))
  const ok = statuses.every(({ state, failed, unknown }) => state === 'active' && failed === 0 && unknown === 0)
  return { ok, text: describe(statuses), json: { ok, destinations: statuses.map(statusJson) } }
}

/** Pauses a destination by hand. Harmless when repeated. */
export async function pauseDestination(name: string, options: ConfigOption, env: Variables): Promise<Outcome> {
  await requireKnown(name, options, env)
  const changed = await withPausing(env, (pausing) => pause(pausing, name))
  const text = changed ? `${name} is paused until it is resumed by hand.` : `${name} was paused by hand already.`
  return { ok: true, text, json: { ok: true, name, changed } }
}

/** Resumes a destination and sends what waited for it. Harmless when repeated. */
export async function resumeDestination(name: string, options: ConfigOption, env: Variables): Promise<Outcome> {
  await requireKnown(name, options, env)
  const changed = await withPausing(env, (pausing) => resume(pausing, name, 'operator'))
  const text = changed ? `${name} has its deliveries again.` : `${name} was active; nothing stood in its way.`
  return { ok: true, text, json: { ok: true, name, changed } }
}

function withPausing<Result>(env: Variables, work: (pausing: Pausing) => Promise<Result>): Promise<Result> {
  return atDesk(env, (desk) =>
    withQueue(desk, (queue) => work({ pool: desk.pool, log: desk.log, queue, clock: systemClock })),
  )
}

/** A name that is no destination would be written down and never looked at again. */
async function requireKnown(name: string, options: ConfigOption, env: Variables): Promise<void> {
  const { destinations }: Configuration = await configurationWithoutSecrets(options, env)
  if (destinations.has(name)) return
  const near = didYouMean(name, destinations.keys())
  throw new CommandError('FG_CLI_DESTINATION', `There is no destination "${name}"${near}`)
}

function describe(statuses: readonly DestinationStatus[]): string {
  if (statuses.length === 0) return 'There are no destinations: add some to destinations.yaml.'
  const rows = statuses.map((status) => [
    status.name,
    status.plugin ?? '(not configured)',
    shownState(status),
    String(status.pending),
    String(status.failed + status.unknown),
    status.failure === undefined ? '' : `${status.failure.code}: ${status.failure.message}`,
  ])
  return table(['DESTINATION', 'PLUGIN', 'STATE', 'PENDING', 'FAILED', ''], rows)
}

function shownState({ state, pausedBy, nextAt }: DestinationStatus): string {
  if (pausedBy === 'operator') return 'paused by hand'
  return state === 'paused' && nextAt === undefined ? 'paused until resumed' : state
}

function statusJson(status: DestinationStatus): JsonObject {
  const { pausedBy, nextAt, oldestPendingAt, ...rest } = status
  const named = { ...rest, paused_by: pausedBy, next_at: nextAt, oldest_pending_at: oldestPendingAt }
  return JSON.parse(JSON.stringify(named)) as JsonObject
}

import { randomBytes, scrypt } from 'node:crypto'
import type { DestinationSettings } from '../config/configuration.ts'
import type { Failure } from '../plugin/failure.ts'

/** A failure as it is kept with the destination it has paused: beside it what the settings that met it are known by again. */
type Kept = Failure & { readonly settings: string }

const SALT_BYTES = 16
const PRINT_BYTES = 32

/** Whether only a person can end what this failure began: `health` does not see it. */
export function isByHand(failure: Failure | undefined): boolean {
  return failure?.kind === 'permanent' && failure.scope === 'destination' && failure.byHand === true
}

/**
 * What a destination's settings are known by again, by any process. Slow to make and salted, since settings hold passwords
 * that somebody could guess: two prints of the same settings differ.
 */
export function printOf(settings: DestinationSettings | undefined): Promise<string> {
  return printWith(settings, randomBytes(SALT_BYTES))
}

/** The failure, with the print of the settings that met it. */
export function keptWith(failure: Failure, print: string): Failure {
  const kept: Kept = { ...failure, settings: print }
  return kept
}

/** The print that a kept failure holds: another for each pause. `undefined` for one that ends by itself. */
export function printIn(failure: Failure | undefined): string | undefined {
  return failure !== undefined && 'settings' in failure ? (failure as Kept).settings : undefined
}

/** A kept failure as operators see it. */
export function withoutPrint(failure: Failure): Failure {
  const { settings: _, ...shown } = failure as Failure & Partial<Kept>
  return shown
}

/** Whether a destination that this failure has paused still waits for a person: its settings are those that met it. */
export async function waitsForPerson(
  failure: Failure | undefined,
  settings: DestinationSettings | undefined,
): Promise<boolean> {
  if (!isByHand(failure)) return false
  const print = printIn(failure)
  const [salt = ''] = print?.split('.') ?? []
  return print === undefined || (await printWith(settings, Buffer.from(salt, 'base64url'))) === print
}

/**
 * Whether the alert of the one failure, should it still be open, would tell operators of the other what does not hold: what
 * to do differs, or why. Of pauses that end by themselves all say the same to do, and one that comes and goes is one alert.
 */
export function needsOtherAlert(before: Failure | undefined, after: Failure): boolean {
  if (!isByHand(before) && !isByHand(after)) return false
  return isByHand(before) !== isByHand(after) || before?.code !== after.code
}

/** What is the plugin's: how many calls at once and how long each may take change nothing about a refusal. */
function printWith(settings: DestinationSettings | undefined, salt: Buffer): Promise<string> {
  const text = JSON.stringify([settings?.plugin ?? null, settings?.config ?? null], sorted)
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  scrypt(text, salt, PRINT_BYTES, (error, print) => {
    if (error) reject(error)
    else resolve(`${salt.toString('base64url')}.${print.toString('base64url')}`)
  })
  return promise
}

/** The order of keys is no setting. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}

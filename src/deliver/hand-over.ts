import type { LeftOut } from '../map/write-policy.ts'
import type { Call, CrmRecord, Message, Receipt } from '../plugin/delivery.ts'
import { type Failure, FailureError } from '../plugin/failure.ts'
import { type Called, callWithin } from '../registry/call-within.ts'
import type { RunningCrm, RunningDestination } from '../registry/registry.ts'
import { readChange, saveChange } from '../store/changes.ts'
import { adoptedBefore, adoptedRecord, isGone } from './adopted-record.ts'
import type { Begun } from './begin.ts'
import { answerWithinMs, type Delivering } from './delivering.ts'
import { idempotencyKey } from './idempotency-key.ts'
import type { Input } from './input.ts'
import type { AttemptResult } from './outcome.ts'
import { type MappedRecord, prepareRecord } from './prepare-record.ts'
import { deadlineFailure, failureOf, receiptOf } from './verdict.ts'

/** A record or a message. */
export type DeliverableInput = Exclude<Input, { kind: 'skipped' | 'unmapped' }>

/** What a plugin was really given: a record after its write policies. */
export type Given =
  | { readonly kind: 'record'; readonly record: CrmRecord; readonly leftOut: ReadonlyMap<string, LeftOut> }
  | { readonly kind: 'notification'; readonly message: Message }

/** How handing over went. `stopped`: broken off because this process stops, or its lease has passed to another. */
export interface HandedOver {
  readonly result: AttemptResult | 'stopped'
  /** Absent where the plugin's `deliver` was never called. */
  readonly given: Given | undefined
}

// Of the lease, kept for the plugin's last words and the record of the outcome.
const MARGIN_MS = 2_000

/**
 * Gives a record or message to its plugin under the destination's deadline; where it depends on what stands in the CRM how
 * a record is written, that is read first. Rejects only where the database does.
 */
export async function handOver(
  delivering: Delivering,
  begun: Begun,
  input: DeliverableInput,
  stopping: AbortSignal,
): Promise<HandedOver> {
  const { delivery, attempt } = begun
  const name = delivery.destination
  const ids = { deliveryId: delivery.id, attemptId: attempt.id, destination: name }
  const log = delivering.log.with(ids)
  let opened: Opened
  try {
    opened = await open(delivering, begun, input)
  } catch (error) {
    return { result: { kind: 'failed', failure: failureOf(error, undefined, log) }, given: undefined }
  }
  if (stopping.aborted) return { result: 'stopped', given: undefined }
  const deadlineMs = deadlineOf(delivering, begun)
  const call = {
    idempotencyKey: idempotencyKey(delivery),
    attempt: attempt.number,
    uncertain: attempt.uncertain,
    resend: delivery.resend,
  }
  const handing: Handing = {}
  const called = await callWithin((signal) => opened.deliver({ ...call, signal }, handing), {
    deadlineMs,
    stopping,
    onLate: (late) => log.warn({ late }, 'result.discarded'),
  })
  if (handing.broken !== undefined) throw handing.broken.error
  if (handing.leaseLost === true) return { result: 'stopped', given: undefined }
  const { given, unwritable } = handing
  if (unwritable !== undefined) return { result: { kind: 'unmapped', failure: unwritable }, given }
  return { result: resultOf(called), given }

  function resultOf(how: Called<unknown>): AttemptResult | 'stopped' {
    if (how.kind === 'thrown') return { kind: 'failed', failure: failureOf(how.error, opened.destination, log) }
    if (how.kind === 'ended') {
      if (how.why === 'stopped') return 'stopped'
      // A plugin may know more about its own end than that it was late.
      const own = how.error instanceof FailureError ? opened.destination.classify(how.error) : undefined
      return { kind: 'failed', failure: own ?? deadlineFailure(name, deadlineMs) }
    }
    const receipt = receiptOf(how.result)
    if (receipt !== undefined) return { kind: 'delivered', receipt: handing.receipt?.(receipt) ?? receipt }
    return { kind: 'failed', failure: failureOf(new TypeError('The plugin answered no receipt'), undefined, log) }
  }
}

/** What a call leaves behind besides the plugin's answer. */
interface Handing {
  given?: Given
  receipt?: (given: Receipt) => Receipt
  unwritable?: Failure
  /** The lease has passed to another, who makes this attempt. */
  leaseLost?: boolean
  /** The database failed: that is no word on the vendor. */
  broken?: { readonly error: unknown }
}

interface Opened {
  readonly destination: RunningDestination
  deliver(call: Call, handing: Handing): Promise<unknown>
}

async function open(delivering: Delivering, begun: Begun, input: DeliverableInput): Promise<Opened> {
  const name = begun.delivery.destination
  if (input.kind === 'record') {
    const destination = await delivering.registry.crm(name)
    return {
      destination,
      deliver: (call, handing) => deliverRecord(delivering, begun, destination, input, call, handing),
    }
  }
  const destination = await delivering.registry.notifier(name)
  return {
    destination,
    deliver: (call, handing) => {
      handing.given = input
      return destination.instance.deliver(input.message, call)
    },
  }
}

/**
 * What will change is written down before it does: should this process die in between, the next one knows what stood there.
 * Where the vendor turns out to have the record after all, and its settings say so, that one is written instead, once.
 */
async function deliverRecord(
  { pool, files }: Delivering,
  { delivery, attempt, leasedUntil }: Begun,
  { instance, orders, classify, finds }: RunningCrm,
  mapped: MappedRecord,
  call: Call,
  handing: Handing,
): Promise<unknown> {
  const { id, destination } = delivery
  const { object } = mapped.record
  const mayHaveChanged = attempt.number > 1 || attempt.uncertain
  const earlier = mayHaveChanged
    ? await fromDatabase(handing, () => readChange(pool, id, { destination, object }))
    : undefined
  const target = { destination, find: finds(object) ? instance.find?.bind(instance) : undefined, orders, files }
  const before = adoptedBefore(mapped, earlier, attempt.uncertain)
  if (before !== undefined) {
    try {
      return await write(before)
    } catch (error) {
      if (!isGone(error)) throw error
    }
  }
  try {
    return await write(mapped)
  } catch (error) {
    const { given } = handing
    const adopted =
      given?.kind === 'record' && given.record.existing === undefined
        ? adoptedRecord(mapped, classify(error), target)
        : undefined
    if (adopted === undefined) throw error
    try {
      return await write(adopted)
    } catch (later) {
      // Somebody can still choose, who sees more than we do.
      throw isGone(later) ? error : later
    }
  }

  async function write(meant: MappedRecord): Promise<unknown> {
    const prepared = await prepareRecord(meant, target, earlier, call)
    if (prepared.kind === 'unwritable') {
      handing.unwritable = prepared.failure
      return undefined
    }
    const { record, leftOut, change, receipt } = prepared
    if (change !== undefined) {
      const lease = { attemptId: attempt.id, leasedUntil }
      if (!(await fromDatabase(handing, () => saveChange(pool, lease, change)))) {
        handing.leaseLost = true
        return undefined
      }
    }
    // Nobody waits any more: what is written now would be written behind everybody's back.
    call.signal.throwIfAborted()
    handing.given = { kind: 'record', record, leftOut }
    handing.receipt = receipt
    return await instance.deliver(record, call)
  }
}

async function fromDatabase<Result>(handing: Handing, statement: () => Promise<Result>): Promise<Result> {
  try {
    return await statement()
  } catch (error) {
    handing.broken = { error }
    throw error
  }
}

/** Milliseconds for the call: as configured, but never longer than the lease, however long ago that began. */
function deadlineOf({ clock, configuration }: Delivering, { delivery, leasedUntil }: Begun): number {
  const leftMs = leasedUntil.getTime() - clock.now().getTime() - MARGIN_MS
  return Math.max(1, Math.min(answerWithinMs(configuration(), delivery.destination), leftMs))
}

import type { Call } from '../plugin/delivery.ts'
import { FailureError } from '../plugin/failure.ts'
import { type Called, callWithin } from '../registry/call-within.ts'
import type { Registry, RunningDestination } from '../registry/registry.ts'
import type { Begun } from './begin.ts'
import { answerWithinMs, type Delivering } from './delivering.ts'
import { idempotencyKey } from './idempotency-key.ts'
import type { Input } from './input.ts'
import type { AttemptResult } from './outcome.ts'
import { deadlineFailure, failureOf, receiptOf } from './verdict.ts'

/** A record or a message. */
export type DeliverableInput = Exclude<Input, { kind: 'skipped' | 'unmapped' }>

// Of the lease, kept for the plugin's last words and the record of the outcome.
const MARGIN_MS = 2_000

/** Gives a record or message to its plugin under the destination's deadline. `stopped`: broken off because this process stops. Never rejects. */
export async function handOver(
  delivering: Delivering,
  begun: Begun,
  input: DeliverableInput,
  stopping: AbortSignal,
): Promise<AttemptResult | 'stopped'> {
  const { delivery, attempt } = begun
  const name = delivery.destination
  const ids = { deliveryId: delivery.id, attemptId: attempt.id, destination: name }
  const log = delivering.log.with(ids)
  let opened: Opened
  try {
    opened = await open(delivering.registry, name, input)
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error, undefined, log) }
  }
  if (stopping.aborted) return 'stopped'
  const deadlineMs = deadlineOf(delivering, begun)
  const call = {
    idempotencyKey: idempotencyKey(delivery),
    attempt: attempt.number,
    uncertain: attempt.uncertain,
    resend: delivery.resend,
  }
  const called = await callWithin((signal) => opened.deliver({ ...call, signal }), {
    deadlineMs,
    stopping,
    onLate: (late) => log.warn({ late }, 'result.discarded'),
  })
  return resultOf(called)

  function resultOf(how: Called<unknown>): AttemptResult | 'stopped' {
    if (how.kind === 'thrown') return { kind: 'failed', failure: failureOf(how.error, opened.destination, log) }
    if (how.kind === 'ended') {
      if (how.why === 'stopped') return 'stopped'
      // A plugin may know more about its own end than that it was late.
      const own = how.error instanceof FailureError ? opened.destination.classify(how.error) : undefined
      return { kind: 'failed', failure: own ?? deadlineFailure(name, deadlineMs) }
    }
    const receipt = receiptOf(how.result)
    if (receipt !== undefined) return { kind: 'delivered', receipt }
    return { kind: 'failed', failure: failureOf(new TypeError('The plugin answered no receipt'), undefined, log) }
  }
}

interface Opened {
  readonly destination: RunningDestination
  deliver(call: Call): Promise<unknown>
}

async function open(registry: Registry, name: string, input: DeliverableInput): Promise<Opened> {
  if (input.kind === 'record') {
    const destination = await registry.crm(name)
    return { destination, deliver: (call) => destination.instance.deliver(input.record, call) }
  }
  const destination = await registry.notifier(name)
  return { destination, deliver: (call) => destination.instance.deliver(input.message, call) }
}

/** Milliseconds for the call: as configured, but never longer than the lease, however long ago that began. */
function deadlineOf({ clock, configuration }: Delivering, { delivery, leasedUntil }: Begun): number {
  const leftMs = leasedUntil.getTime() - clock.now().getTime() - MARGIN_MS
  return Math.max(1, Math.min(answerWithinMs(configuration(), delivery.destination), leftMs))
}

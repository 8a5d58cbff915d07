import type { Mapping, NotificationMapping } from '../map/model.ts'
import type { Message, Owner } from '../plugin/delivery.ts'
import { type Failure, FailureError } from '../plugin/failure.ts'
import { callWithin } from '../registry/call-within.ts'
import type { RunningCrm } from '../registry/registry.ts'
import type { SubmissionContent } from '../store/deliveries.ts'
import type { Begun } from './begin.ts'
import { answerWithinMs, type Delivering } from './delivering.ts'
import { idempotencyKey } from './idempotency-key.ts'
import { deadlineFailure, failureOf } from './verdict.ts'

/** A message that says whom it is for. `postponed`: the CRM cannot be asked now. `stopped`: this process is stopping. */
export type Addressed =
  | { readonly kind: 'addressed'; readonly message: Message }
  | { readonly kind: 'postponed'; readonly failure: Failure }
  | { readonly kind: 'stopped' }

/** The lease of an attempt leaves no more, so that the message itself still has its time. */
const ANSWER_WITHIN_AT_MOST_MS = 5_000
/** After so many tries, about a quarter of an hour, people are told without knowing who owns the record. */
const TRIES = 5
/** A CRM that wants to be left alone for longer, for example for the rest of the day, is not waited for. */
const LONGEST_WAIT_SECONDS = 600

/**
 * Puts the owner of a record in the place of a message's recipient, where the mapping asks for it and the CRM knows one.
 * Else the message stays as it is, for whom the mapping names instead. Never rejects.
 */
export async function addressOwner(
  delivering: Delivering,
  begun: Begun,
  message: Message,
  { mapping, submission }: { readonly mapping: Mapping; readonly submission: SubmissionContent },
  stopping: AbortSignal,
): Promise<Addressed> {
  const { delivery } = begun
  const wanted = mapping.notifications.find(({ id }) => id === delivery.item)
  const record = recordOf(wanted, mapping, submission)
  if (wanted?.recipient?.kind !== 'owner' || record === undefined) return { kind: 'addressed', message }
  const { otherwise } = wanted.recipient
  const asked = await ask(delivering, begun, record, stopping)
  if (asked.kind === 'stopped') return asked
  if (asked.kind === 'found') {
    const recipient = { kind: 'owner' as const, owner: asked.owner, ...(otherwise === undefined ? {} : { otherwise }) }
    return { kind: 'addressed', message: { ...message, recipient } }
  }
  if (asked.kind === 'nobody') return { kind: 'addressed', message }
  if (passesSoon(asked.failure) && delivery.stage === 'whole' && delivery.counted < TRIES) {
    return { kind: 'postponed', failure: asked.failure }
  }
  const { code, message: reason } = asked.failure
  delivering.log.warn({ deliveryId: delivery.id, destination: record.to, code, reason }, 'owner.unknown')
  return { kind: 'addressed', message }
}

function passesSoon(failure: Failure): boolean {
  if (failure.kind === 'rate-limited') return failure.retryAfterSeconds <= LONGEST_WAIT_SECONDS
  return failure.kind === 'retryable'
}

interface OwnedRecord {
  readonly to: string
  readonly object: string
  /** The vendor's. */
  readonly id: string
}

/** The record whose owner is told, where it was delivered. */
function recordOf(
  notification: NotificationMapping | undefined,
  { records }: Mapping,
  { receipts }: SubmissionContent,
): OwnedRecord | undefined {
  if (notification?.recipient?.kind !== 'owner') return undefined
  const { record: id } = notification.recipient
  const [record, receipt] = [records.find((each) => each.id === id), receipts[id]]
  return record && receipt && { to: record.to, object: record.object, id: receipt.id }
}

type Asked =
  | { readonly kind: 'found'; readonly owner: Owner }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly failure: Failure }

async function ask(
  { registry, configuration, log }: Delivering,
  { delivery, attempt }: Begun,
  { to, object, id }: OwnedRecord,
  stopping: AbortSignal,
): Promise<Asked> {
  let crm: RunningCrm
  try {
    crm = await registry.crm(to)
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error, undefined, log) }
  }
  const { instance } = crm
  if (instance.ownerOf === undefined) return { kind: 'failed', failure: unsupported(to) }
  const deadlineMs = Math.min(answerWithinMs(configuration(), to), ANSWER_WITHIN_AT_MOST_MS)
  const call = { idempotencyKey: idempotencyKey(delivery), attempt: attempt.number, uncertain: false, resend: false }
  const called = await callWithin(async (signal) => instance.ownerOf?.({ object, id }, { ...call, signal }), {
    deadlineMs,
    stopping,
    onLate: (late) => log.warn({ destination: to, late }, 'answer.discarded'),
  })
  if (called.kind === 'answered') return isOwner(called.result) ? { kind: 'found', owner: called.result } : NOBODY
  if (called.kind === 'thrown') return { kind: 'failed', failure: failureOf(called.error, crm, log) }
  if (called.why === 'stopped') return { kind: 'stopped' }
  const own = called.error instanceof FailureError ? called.error : undefined
  return { kind: 'failed', failure: own === undefined ? deadlineFailure(to, deadlineMs) : failureOf(own, crm, log) }
}

const NOBODY = { kind: 'nobody' } as const

function isOwner(answer: Owner | null | undefined): answer is Owner {
  return typeof answer === 'object' && answer !== null && typeof answer.id === 'string'
}

function unsupported(destination: string): Failure {
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_DELIVERY_OWNER_UNSUPPORTED',
    message: `The plugin of ${destination} cannot tell who owns a record: name a recipient otherwise than by owner_of.`,
  }
}

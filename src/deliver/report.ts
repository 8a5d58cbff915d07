import type { SubmissionContent } from '../store/deliveries.ts'
import type { Begun } from './begin.ts'
import type { Attempted, Delivering } from './delivering.ts'
import type { AttemptResult, Outcome } from './outcome.ts'

/** Tells of one attempt: one wide log line with every id, and the metrics. `outcome` is absent where the result came too late. */
export function reportAttempt(
  { log, clock, onAttempted, worker }: Delivering,
  { delivery, attempt, probe }: Begun,
  submission: SubmissionContent,
  result: AttemptResult,
  outcome: Outcome | undefined,
  durationSeconds: number,
): void {
  const status = result.kind === 'failed' ? result.failure.kind : result.kind
  const done = outcome?.delivery.state === 'delivered'
  const sinceAcceptedSeconds = (clock.now().getTime() - submission.acceptedAt.getTime()) / 1_000
  const fields = {
    deliveryId: delivery.id,
    submissionId: delivery.submissionId,
    requestId: submission.requestId,
    attemptId: attempt.id,
    attempt: attempt.number,
    flow: submission.flow,
    destination: delivery.destination,
    kind: delivery.kind,
    item: delivery.item,
    status,
    state: outcome?.delivery.state ?? 'discarded',
    durationMs: Math.round(durationSeconds * 1_000),
    sinceAcceptedMs: Math.round(sinceAcceptedSeconds * 1_000),
    mapping: delivery.mappingHash.slice(0, 12),
    worker,
    ...(attempt.uncertain ? { uncertain: true } : {}),
    ...(delivery.resend ? { resend: true } : {}),
    ...(delivery.stage === 'late' ? { late: true } : {}),
    ...(delivery.replayed ? { replayed: true } : {}),
    ...(probe ? { probe: true } : {}),
    ...(result.kind === 'delivered' ? { outcome: result.receipt.outcome, receipt: result.receipt.id } : {}),
    ...('failure' in result ? { code: result.failure.code, reason: result.failure.message } : {}),
    ...(outcome?.delivery.nextAttemptAt === undefined ? {} : { nextAttemptAt: outcome.delivery.nextAttemptAt }),
  }
  const bad = outcome === undefined || outcome.delivery.state === 'failed' || outcome.delivery.state === 'unknown'
  if (bad) log.error(fields, 'delivery.attempted')
  else if ('failure' in result) log.warn(fields, 'delivery.attempted')
  else log.info(fields, 'delivery.attempted')
  const attempted: Attempted = {
    destination: delivery.destination,
    result: status,
    durationSeconds,
    sinceAcceptedSeconds: done ? sinceAcceptedSeconds : undefined,
  }
  onAttempted(attempted)
}

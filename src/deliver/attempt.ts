import { maskInput } from '../map/mask.ts'
import type { Mapping } from '../map/model.ts'
import type { MappingScope } from '../map/result.ts'
import { FailureError } from '../plugin/failure.ts'
import type { Json } from '../plugin/json.ts'
import { nextHint, readSubmissionContent, releaseDelivery, type SubmissionContent } from '../store/deliveries.ts'
import { inTransaction } from '../store/pool.ts'
import { type Begun, beginDelivery } from './begin.ts'
import type { Delivering } from './delivering.ts'
import { type DeliverableInput, handOver } from './hand-over.ts'
import { makeInput, submissionScope } from './input.ts'
import type { AttemptResult } from './outcome.ts'
import { recordResult } from './record.ts'
import { reportAttempt } from './report.ts'
import { wake } from './wake.ts'

/** How a job went. `ended`: an attempt was made and written down. `discarded`: its lease had passed to another. */
export type JobResult = 'not-now' | 'ended' | 'stopped' | 'discarded'

/**
 * Makes one attempt at a delivery if it is due: leases it, maps the submission, calls the plugin under its deadline and
 * writes down what came of it. Rejects only where the database does; the lease then runs out and another attempt follows.
 */
export async function attemptDelivery(
  delivering: Delivering,
  deliveryId: string,
  stopping: AbortSignal,
): Promise<JobResult> {
  const begun = await beginDelivery(delivering, deliveryId)
  if (typeof begun === 'string') {
    delivering.log.debug({ deliveryId, because: begun }, 'delivery.postponed')
    return 'not-now'
  }
  const startedAt = performance.now()
  const submission = await readSubmissionContent(delivering.pool, begun.delivery.submissionId)
  if (submission === undefined) throw new Error(`delivery ${deliveryId} has no submission`)
  const made = await make(delivering, begun, submission)
  const result = made.kind === 'ready' ? await handOver(delivering, begun, made.input, stopping) : made.result
  if (result === 'stopped') {
    await release(delivering, begun)
    return 'stopped'
  }
  const masked = made.kind === 'ready' ? made.masked : undefined
  const recorded = await recordResult(delivering, begun, result, masked)
  const durationSeconds = (performance.now() - startedAt) / 1_000
  reportAttempt(delivering, begun, submission, result, recorded?.outcome, durationSeconds)
  if (recorded === undefined) return 'discarded'
  if (recorded.freed) await wake(delivering, [begun.delivery.destination])
  return 'ended'
}

type Made =
  | { readonly kind: 'ready'; readonly input: DeliverableInput; readonly masked: Json }
  | { readonly kind: 'not-called'; readonly result: AttemptResult }

async function make(delivering: Delivering, { delivery }: Begun, submission: SubmissionContent): Promise<Made> {
  try {
    const mapping = await delivering.mappings.get(delivery.mappingHash, delivering.pool)
    const scope = submissionScope(submission, delivering.configuration())
    const input = await makeInput(delivery, mapping, submission, scope)
    if (input.kind === 'skipped' || input.kind === 'unmapped') return { kind: 'not-called', result: input }
    return { kind: 'ready', input, masked: mask(input, mapping, scope) }
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
    return { kind: 'not-called', result: { kind: 'unmapped', failure: error.failure } }
  }
}

function mask(input: DeliverableInput, mapping: Mapping, scope: MappingScope): Json {
  const masked = maskInput(input.kind === 'record' ? input.record : input.message, mapping, scope)
  return JSON.parse(JSON.stringify(masked)) as Json
}

/** Gives an attempt that was broken off by our own end back: begun, without an end, for the next process. */
async function release({ pool, queue, clock }: Delivering, { delivery, leasedUntil }: Begun): Promise<void> {
  const hintedAt = nextHint(delivery, clock.now())
  await inTransaction(pool, async (sql) => {
    if (!(await releaseDelivery(sql, delivery.id, leasedUntil, hintedAt))) return
    await queue.send([{ deliveryId: delivery.id, destination: delivery.destination, hintedAt }], sql)
  })
}

import { lastEntry } from '../map/dated-entry.ts'
import { maskInput } from '../map/mask.ts'
import type { Mapping } from '../map/model.ts'
import type { MappingScope } from '../map/result.ts'
import type { CrmRecord } from '../plugin/delivery.ts'
import { FailureError } from '../plugin/failure.ts'
import type { Json } from '../plugin/json.ts'
import { nextHint, readSubmissionContent, releaseDelivery, type SubmissionContent } from '../store/deliveries.ts'
import { inTransaction } from '../store/pool.ts'
import { type Begun, beginDelivery } from './begin.ts'
import type { Delivering } from './delivering.ts'
import { type DeliverableInput, type Given, type HandedOver, handOver } from './hand-over.ts'
import { makeInput, submissionScope } from './input.ts'
import type { AttemptResult } from './outcome.ts'
import { addressOwner } from './owner.ts'
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
  const made = await make(delivering, begun, submission, stopping)
  const { result, given }: HandedOver =
    made.kind === 'ready' ? await handOver(delivering, begun, made.input, stopping) : { ...made, given: undefined }
  if (result === 'stopped') {
    await release(delivering, begun)
    return 'stopped'
  }
  const masked = made.kind === 'ready' && given !== undefined ? made.mask(given) : undefined
  const recorded = await recordResult(delivering, begun, result, masked)
  const durationSeconds = (performance.now() - startedAt) / 1_000
  reportAttempt(delivering, begun, submission, result, recorded?.outcome, durationSeconds)
  if (recorded === undefined) return 'discarded'
  if (recorded.freed) await wake(delivering, [begun.delivery.destination])
  return 'ended'
}

type Made =
  | { readonly kind: 'ready'; readonly input: DeliverableInput; readonly mask: (given: Given) => Json }
  | { readonly kind: 'not-called'; readonly result: AttemptResult | 'stopped' }

async function make(
  delivering: Delivering,
  begun: Begun,
  submission: SubmissionContent,
  stopping: AbortSignal,
): Promise<Made> {
  const { delivery } = begun
  try {
    const mapping = await delivering.mappings.get(delivery.mappingHash, delivering.pool)
    const scope = submissionScope(submission, delivering.configuration())
    const input = await makeInput(delivery, mapping, submission, scope)
    if (input.kind === 'skipped' || input.kind === 'unmapped') return { kind: 'not-called', result: input }
    const mask = (given: Given) => masked(given, mapping, scope)
    if (input.kind === 'record') return { kind: 'ready', input, mask }
    const addressed = await addressOwner(delivering, begun, input.message, { mapping, submission }, stopping)
    if (addressed.kind === 'stopped') return { kind: 'not-called', result: 'stopped' }
    if (addressed.kind === 'postponed') return { kind: 'not-called', result: addressed }
    const told = { kind: 'notification', message: addressed.message } as const
    return { kind: 'ready', input: told, mask }
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
    return { kind: 'not-called', result: { kind: 'unmapped', failure: error.failure } }
  }
}

/** What is kept of what a plugin was given: nothing personal, and which fields were left as they stood. */
function masked(given: Given, mapping: Mapping, scope: MappingScope): Json {
  if (given.kind === 'notification') return plain(maskInput(given.message, mapping, scope))
  const record = maskInput(ownWords(given.record, mapping), mapping, scope)
  return plain(given.leftOut.size === 0 ? record : { ...record, left_out: Object.fromEntries(given.leftOut) })
}

/** A record without what others wrote: of a field to which an entry was added, the entry. */
function ownWords(record: CrmRecord, { records }: Mapping): CrmRecord {
  const of = records.find(({ id }) => id === record.id)?.fields
  const fields = Object.entries(record.fields).map(([name, value]): [string, Json] => [
    name,
    typeof value === 'string' && of?.get(name)?.writing.policy === 'append' ? lastEntry(value) : value,
  ])
  return { ...record, fields: Object.fromEntries(fields) }
}

function plain(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}

/** Gives an attempt that was broken off by our own end back: begun, without an end, for the next process. */
async function release({ pool, queue, clock }: Delivering, { delivery, leasedUntil }: Begun): Promise<void> {
  const hintedAt = nextHint(delivery, clock.now())
  await inTransaction(pool, async (sql) => {
    if (!(await releaseDelivery(sql, delivery.id, leasedUntil, hintedAt))) return
    const { id: deliveryId, destination, replayed } = delivery
    await queue.send([{ deliveryId, destination, replayed, hintedAt }], sql)
  })
}

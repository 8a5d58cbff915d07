import type { MappingFile } from '../config/schema/mapping.ts'
import type { Item, Mapping } from '../map/model.ts'
import { type Delivery, lockDelivery, nextHint, readSubmissionContent } from '../store/deliveries.ts'
import { readMapping, saveMapping } from '../store/mappings.ts'
import { inTransaction, type Sql } from '../store/pool.ts'
import { readFailed, restartDelivery } from '../store/replay.ts'
import type { Delivering } from './delivering.ts'
import { versionOf } from './version-of.ts'

/** What a replay needs; the command line has no more. */
export type Replaying = Pick<Delivering, 'pool' | 'queue' | 'clock' | 'log' | 'configuration'>

/**
 * What came of asking for a replay. `under-way`: it is on its way already, so a second press is harmless. `settled`:
 * it was delivered or skipped. `waiting`: for records that are not delivered. `no-mapping`: the flow's mapping of today
 * has no such record or notification.
 */
export type ReplayResult =
  | { readonly kind: 'replayed'; readonly deliveryId: string; readonly destination: string }
  | { readonly kind: 'under-way' | 'settled' | 'waiting' | 'no-mapping' | 'not-found'; readonly deliveryId: string }

export interface ReplayOptions {
  /** `same`: the mapping of the submission's time. `latest`: that of its version in the configuration now in force. */
  readonly mapping: 'same' | 'latest'
}

/**
 * Sends a failed or unknown delivery again under its own idempotency key, so that what has landed is found. One that is
 * unknown is sent marked as a possible repeat where the vendor cannot tell.
 */
export async function replayDelivery(
  replaying: Replaying,
  deliveryId: string,
  { mapping }: ReplayOptions,
): Promise<ReplayResult> {
  const { pool, queue, clock, log } = replaying
  return await inTransaction(pool, async (sql): Promise<ReplayResult> => {
    const now = clock.now()
    const delivery = await lockDelivery(sql, deliveryId)
    if (delivery === undefined) return { kind: 'not-found', deliveryId }
    if (delivery.state === 'pending') return { kind: 'under-way', deliveryId }
    if (delivery.state === 'waiting') return { kind: 'waiting', deliveryId }
    if (delivery.state === 'delivered' || delivery.state === 'skipped') return { kind: 'settled', deliveryId }
    const target = mapping === 'same' ? sameTarget(delivery) : await latestTarget(replaying, sql, delivery, now)
    if (target === undefined) return { kind: 'no-mapping', deliveryId }
    const { mappingHash, destination, sameObject } = target
    const resend = delivery.resend || delivery.state === 'unknown'
    const hintedAt = nextHint(delivery, now)
    await restartDelivery(sql, deliveryId, { mappingHash, destination, sameObject, resend, hintedAt }, now)
    await queue.send([{ deliveryId, destination, replayed: true, hintedAt }], sql)
    log.info({ deliveryId, destination, mapping, from: delivery.state }, 'delivery.replayed')
    return { kind: 'replayed', deliveryId, destination }
  })
}

export interface BulkReplayOptions extends ReplayOptions {
  readonly destination?: string
  readonly flow?: string
  /** At most so many, oldest first. Default 1,000. */
  readonly limit?: number
}

/** Replays failed deliveries, each in a transaction of its own: one that cannot be replayed does not stop the others. */
export async function replayFailed(
  replaying: Replaying,
  { mapping, destination, flow, limit = 1_000 }: BulkReplayOptions,
): Promise<readonly ReplayResult[]> {
  const results: ReplayResult[] = []
  for (const id of await readFailed(replaying.pool, { destination, flow, limit })) {
    results.push(await replayDelivery(replaying, id, { mapping }))
  }
  return results
}

interface Target {
  readonly mappingHash: string
  readonly destination: string
  /** It is still about the object that a record was chosen of, if one was. */
  readonly sameObject: boolean
}

function sameTarget({ mappingHash, destination }: Delivery): Target {
  return { mappingHash, destination, sameObject: true }
}

async function latestTarget(
  { configuration }: Replaying,
  sql: Sql,
  delivery: Delivery,
  now: Date,
): Promise<Target | undefined> {
  const submission = await readSubmissionContent(sql, delivery.submissionId)
  if (submission === undefined) return undefined
  const mapping = versionOf(configuration(), submission)?.mapping
  if (mapping === undefined) return undefined
  const item = itemOf(mapping, delivery)
  if (item === undefined) return undefined
  await saveMapping(sql, { hash: mapping.hash, flow: submission.flow, content: mapping.content }, now)
  const before = await readMapping(sql, delivery.mappingHash)
  const sameObject = objectIn(before, delivery) === objectIn(mapping.content, delivery)
  return { mappingHash: mapping.hash, destination: item.to, sameObject }
}

function objectIn(file: MappingFile | undefined, { kind, item }: Delivery): string | undefined {
  const records = [file, file?.hand_over, file?.expired].flatMap((block) => block?.records ?? [])
  return kind === 'record' ? records.find(({ id }) => id === item)?.object : undefined
}

function itemOf(mapping: Mapping, { kind, item }: Delivery): Item | undefined {
  const items: readonly Item[] = kind === 'record' ? mapping.records : mapping.notifications
  return items.find(({ id }) => id === item)
}

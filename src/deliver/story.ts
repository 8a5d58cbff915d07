import { type Attempt, readAttempts } from '../store/attempts.ts'
import { type ListedDelivery, readListedDelivery } from '../store/delivery-views.ts'
import type { Sql } from '../store/pool.ts'

/** One delivery and every attempt at it, inputs masked. */
export interface DeliveryStory {
  readonly delivery: ListedDelivery
  readonly attempts: readonly Attempt[]
}

/** Reads the whole story of a delivery, `undefined` where there is none of that id. */
export async function readDeliveryStory(sql: Sql, id: string): Promise<DeliveryStory | undefined> {
  const delivery = await readListedDelivery(sql, id)
  return delivery && { delivery, attempts: await readAttempts(sql, id) }
}

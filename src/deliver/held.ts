import type { Delivery } from '../store/deliveries.ts'
import { readDestination } from '../store/destinations.ts'
import type { Sql } from '../store/pool.ts'

/**
 * Whether a delivery is pending only because its destination is paused, with no attempt under way. The caller holds its
 * lock, without which no attempt begins.
 */
export async function isHeld(
  sql: Sql,
  { state, destination, leasedUntil }: Pick<Delivery, 'state' | 'destination' | 'leasedUntil'>,
  now: Date,
): Promise<boolean> {
  if (state !== 'pending' || (leasedUntil !== undefined && leasedUntil > now)) return false
  return (await readDestination(sql, destination)).paused
}

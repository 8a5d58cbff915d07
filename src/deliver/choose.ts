import { lockChoosable, saveChoice } from '../store/changes.ts'
import type { DeliveryStatus } from '../store/deliveries.ts'
import { inTransaction } from '../store/pool.ts'
import { isHeld } from './held.ts'
import { type Replaying, replayDelivery } from './replay.ts'

/** A record of the person's own, whatever else fits. */
const NEW = 'new'

/**
 * What came of choosing a record for a delivery. `stranger`: it is none of those that were found. `nothing-to-choose`: its
 * failure, if any, was not that several records fit. `under-way` and `settled`: a second press is harmless. `held`: it goes
 * once its destination, which is paused, is resumed.
 */
export type ChoiceResult =
  | { readonly kind: 'chosen'; readonly destination: string; readonly held?: true }
  | { readonly kind: 'stranger'; readonly candidates: readonly string[] }
  | { readonly kind: 'nothing-to-choose'; readonly state: DeliveryStatus }
  | { readonly kind: 'under-way' | 'settled' | 'not-found' }

/**
 * Says which of several records a failed delivery is to be written to, or `new` for one of its own, and sends it again
 * through the mapping that found them. One that a paused destination holds up is to be chosen for as well. Should the process die in between, the choice stands and a replay goes on with it.
 */
export async function chooseRecord(choosing: Replaying, deliveryId: string, chosen: string): Promise<ChoiceResult> {
  const now = choosing.clock.now()
  const done = await inTransaction(choosing.pool, async (sql): Promise<ChoiceResult | undefined> => {
    const found = await lockChoosable(sql, deliveryId)
    if (found === undefined) return { kind: 'not-found' }
    const { state, candidates, destination } = found
    const held = await isHeld(sql, found, now)
    if (state === 'pending' && !held) return { kind: 'under-way' }
    if (state === 'delivered' || state === 'skipped') return { kind: 'settled' }
    if (state === 'waiting' || candidates.length === 0) return { kind: 'nothing-to-choose', state }
    if (chosen !== NEW && !candidates.includes(chosen)) return { kind: 'stranger', candidates }
    await saveChoice(sql, deliveryId, chosen)
    choosing.log.info({ deliveryId, chosen }, 'delivery.chosen')
    return held ? { kind: 'chosen', destination, held } : undefined
  })
  if (done !== undefined) return done
  const replayed = await replayDelivery(choosing, deliveryId, { mapping: 'same' })
  if (replayed.kind === 'replayed') return { kind: 'chosen', destination: replayed.destination }
  return { kind: replayed.kind === 'under-way' ? 'under-way' : 'settled' }
}

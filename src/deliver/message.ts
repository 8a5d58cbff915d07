import type { NotificationMapping } from '../map/model.ts'
import { mapNotification } from '../map/notification.ts'
import type { DeliveredRecords, MappingScope, MapResult } from '../map/result.ts'
import type { Message } from '../plugin/delivery.ts'
import type { Delivery } from '../store/deliveries.ts'

/** The message of one delivery at its stage: the late one, or the whole one, which completes the late one where there is one. */
export async function makeMessage(
  { stage, lateReceipt }: Pick<Delivery, 'stage' | 'lateReceipt'>,
  notification: NotificationMapping,
  scope: MappingScope,
  delivered: DeliveredRecords,
): Promise<MapResult<Message>> {
  const result = await mapNotification(notification, scope, delivered, stage)
  if (result.kind !== 'mapped' || stage === 'late' || lateReceipt === undefined) return result
  return { kind: 'mapped', input: { ...result.input, completes: lateReceipt } }
}

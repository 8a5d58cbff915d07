import type { Item, Mapping, NotificationMapping, Occasion } from './model.ts'

/** One delivery that a submission begins with. */
export interface PlannedDelivery {
  readonly kind: 'record' | 'notification'
  readonly item: string
  readonly destination: string
  /** Ids of records that must be delivered or skipped first. */
  readonly waitsFor: readonly string[]
  /** Seconds after acceptance at which a message that still waits goes out all the same; absent: never. */
  readonly lateAfterSeconds?: number
}

/** Every record and notification of one occasion as a delivery, records first, in the order written. */
export function plan(mapping: Mapping, occasion: Occasion): readonly PlannedDelivery[] {
  const ofOccasion = (item: Item): boolean => item.occasion === occasion
  const planned = (kind: PlannedDelivery['kind'], item: Item) => ({
    kind,
    item: item.id,
    destination: item.to,
    waitsFor: item.waitsFor,
  })
  return [
    ...mapping.records.filter(ofOccasion).map((record) => planned('record', record)),
    ...mapping.notifications.filter(ofOccasion).map((notification) => ({
      ...planned('notification', notification),
      ...lateAfter(notification),
    })),
  ]
}

function lateAfter({ lateAfterSeconds }: NotificationMapping) {
  return lateAfterSeconds === undefined ? {} : { lateAfterSeconds }
}

import type { MappingFile } from '../../src/config/schema/mapping.ts'
import type { NotificationFile } from '../../src/config/schema/notification.ts'
import type { RecordFile } from '../../src/config/schema/record.ts'
import { compileMapping } from '../../src/map/compile.ts'
import type { Mapping, NotificationMapping, RecordMapping } from '../../src/map/model.ts'
import type { DeliveredRecord } from '../../src/map/result.ts'
import type { Receipt } from '../../src/plugin/index.ts'
import { faultless } from '../value/scope-of.ts'

/** A mapping of a file that has no fault. */
export function mappingOf(file: MappingFile): Mapping {
  return compileMapping(file, faultless)
}

/** A record's raw form with what every record needs. */
export function rawRecord(parts: Partial<RecordFile> = {}): RecordFile {
  return { id: 'contact', to: 'crm', object: 'contacts', operation: 'create', fields: {}, ...parts }
}

/** A notification's raw form with what every notification needs. */
export function rawNotification(parts: Partial<NotificationFile> = {}): NotificationFile {
  return { id: 'tell-sales', to: 'chat', title: 'New lead', ...parts }
}

/** The only record of a mapping, compiled among others it may refer to. */
export function recordOf(parts: Partial<RecordFile>, others: readonly RecordFile[] = []): RecordMapping {
  const [record] = mappingOf({ records: [rawRecord(parts), ...others] }).records
  if (record === undefined) throw new Error('no record')
  return record
}

/** The only notification of a mapping, compiled among records it may refer to. */
export function notificationOf(
  parts: Partial<NotificationFile>,
  records: readonly RecordFile[] = [],
): NotificationMapping {
  const [notification] = mappingOf({ records: [...records], notifications: [rawNotification(parts)] }).notifications
  if (notification === undefined) throw new Error('no notification')
  return notification
}

/** A record as delivered, under its id in the mapping. */
export function deliveredAs(id: string, receipt: Partial<Receipt> = {}): readonly [string, DeliveredRecord] {
  return [id, { object: `${id}s`, receipt: { outcome: 'created', id: `${id}-1`, ...receipt } }]
}

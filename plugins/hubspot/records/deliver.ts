import type { Call, CrmRecord, Receipt } from 'flowgate/plugin'
import type { HubspotApi } from '../calls/api.ts'
import { standardObject } from '../object-types.ts'
import { type AttachmentSettings, addToNote, attachFiles, attachmentsOfNewNote } from './attachments.ts'
import { linkRecord } from './link.ts'
import { type RecordValues, withNoteTime } from './values.ts'
import { writeRecord } from './write.ts'

/** One delivery: the record, then its links, then its files. A repeat goes through all of it and adds nothing. */
export async function deliverRecord(
  api: HubspotApi,
  record: CrmRecord,
  call: Call,
  recordValues: RecordValues,
  settings: AttachmentSettings,
): Promise<Pick<Receipt, 'id' | 'outcome'>> {
  const { object, existing, files = [], links } = record
  const isNote = standardObject(object) === 'notes'
  const isNewNote = isNote && record.operation === 'create'
  const resolved = await recordValues.of(api, object, record.fields)
  const attached = isNewNote && files.length > 0 ? await attachmentsOfNewNote(api, files, call, settings) : {}
  const mapped = { ...resolved, ...attached }
  const values = existing === undefined ? withNoteTime(object, mapped, settings.now()) : mapped
  const written = await writeRecord(api, { record, values, submissionProperty: settings.submissionProperty }, call)
  const address = { object, id: written.id }
  for (const link of links) await linkRecord(api, address, link)
  if (files.length === 0 || isNewNote) return written
  if (isNote) await addToNote(api, address, files, call, settings)
  else await attachFiles(api, address, files, call, settings)
  return written
}

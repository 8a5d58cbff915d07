import type { Call, CrmRecord, Receipt } from 'flowgate/plugin'
import type { HubspotApi } from '../calls/api.ts'
import { standardObject } from '../object-types.ts'
import { type AttachmentSettings, addToNote, attachFiles, attachmentsOfNewNote } from './attachments.ts'
import type { RecordFinder } from './find.ts'
import { linkRecord } from './link.ts'
import { type RecordValues, withNoteTime } from './values.ts'
import { writeRecord } from './write.ts'

/** One delivery: the record, then its links, then its files. A repeat goes through all of it and adds nothing. */
export async function deliverRecord(
  api: HubspotApi,
  record: CrmRecord,
  call: Call,
  recordValues: RecordValues,
  finder: RecordFinder,
  settings: AttachmentSettings,
): Promise<Pick<Receipt, 'id' | 'outcome'>> {
  const { object, existing, files = [], links } = record
  const isNote = standardObject(object) === 'notes'
  const isNewNote = isNote && record.operation === 'create'
  const resolved = await recordValues.of(api, object, record.fields)
  const attached = isNewNote && files.length > 0 ? await attachmentsOfNewNote(api, files, call, settings) : {}
  const mapped = { ...resolved, ...attached }
  const values = existing === undefined ? withNoteTime(object, mapped, settings.now()) : mapped
  const { submissionProperty } = settings
  const write = { record, values, submissionProperty, refusesSecond: await refusesSecond(api, record, finder) }
  const written = await writeRecord(api, write, call)
  const address = { object, id: written.id }
  for (const link of links) await linkRecord(api, address, link, call)
  if (files.length === 0 || isNewNote) return written
  if (isNote) await addToNote(api, address, files, call, settings)
  else await attachFiles(api, address, files, call, settings)
  return written
}

/** Asked only where it matters: what finds the record is unique, so HubSpot refuses to create a second one. */
async function refusesSecond(
  api: HubspotApi,
  { object, operation, match, existing, guarded }: CrmRecord,
  finder: RecordFinder,
): Promise<boolean> {
  if (!guarded || operation === 'create' || existing !== undefined || match === undefined) return false
  return finder.isUnique(api, { object, field: match })
}

import { type AttachedFile, type Call, FailureError } from 'flowgate/plugin'
import type { HubspotApi, RecordAddress } from '../calls/api.ts'
import { ProblemError } from '../calls/problem.ts'
import { fileNoteKey, uploadName } from './file-name.ts'
import { linkRecord } from './link.ts'
import { writeRecord } from './write.ts'
import { notPrepared, notThereYet } from './write-failure.ts'

/** What uploading and attaching needs to know. */
export interface AttachmentSettings {
  readonly submissionProperty: string
  readonly filesFolder: string
  now(): Date
}

/** The property of a note that names its files, joined by `;`. */
const ATTACHMENTS = 'hs_attachment_ids'

/**
 * Attaches files to a record through a note of their own, each once. The note is found by the submission property, which
 * holds the delivery's key with an ending: where it stands, its files do, and only its link is made sure of.
 */
export async function attachFiles(
  api: HubspotApi,
  record: RecordAddress,
  files: readonly AttachedFile[],
  call: Call,
  settings: AttachmentSettings,
): Promise<void> {
  const key = await fileNoteKey(call.idempotencyKey)
  const note = await noteOf(api, key, settings.submissionProperty)
  const id = note?.id ?? (await writeFileNote(api, files, { ...call, idempotencyKey: key }, settings))
  await linkRecord(api, { object: 'notes', id }, record, call)
}

/**
 * The files of a note that is created: what its property of attachments is to hold. Nothing where this delivery has created
 * it already, with its files.
 */
export async function attachmentsOfNewNote(
  api: HubspotApi,
  files: readonly AttachedFile[],
  call: Call,
  settings: AttachmentSettings,
): Promise<Readonly<Record<string, string>>> {
  const note = await noteOf(api, call.idempotencyKey, settings.submissionProperty)
  if (note?.attachments) return {}
  return { [ATTACHMENTS]: (await uploadAll(api, files, call, settings)).join(';') }
}

/** Adds files to those that a note has. A file that was uploaded before has the same id again. */
export async function addToNote(
  api: HubspotApi,
  note: RecordAddress,
  files: readonly AttachedFile[],
  call: Call,
  settings: AttachmentSettings,
): Promise<void> {
  const { properties } = await heldBy(api, note, call)
  const held = (properties[ATTACHMENTS] ?? '').split(';').filter((id) => id !== '')
  const all = new Set([...held, ...(await uploadAll(api, files, call, settings))])
  if (all.size > held.length) await api.update(note, { [ATTACHMENTS]: [...all].join(';') })
}

/** What the note that was written a moment ago holds. */
async function heldBy(api: HubspotApi, note: RecordAddress, call: Call) {
  try {
    return await api.read(note, undefined, [ATTACHMENTS])
  } catch (error) {
    const failure = error instanceof ProblemError && error.isNotFound ? notThereYet('notes', call) : undefined
    throw failure === undefined ? error : new FailureError(failure, { cause: error })
  }
}

async function writeFileNote(
  api: HubspotApi,
  files: readonly AttachedFile[],
  call: Call,
  settings: AttachmentSettings,
): Promise<string> {
  const ids = await uploadAll(api, files, call, settings)
  const values = {
    hs_timestamp: settings.now().toISOString(),
    hs_note_body: files.map(({ name }) => escaped(name)).join('<br>'),
    [ATTACHMENTS]: ids.join(';'),
  }
  const record = { id: 'files', object: 'notes', operation: 'create', fields: {}, links: [] } as const
  const { submissionProperty } = settings
  return (await writeRecord(api, { record, values, submissionProperty, refusesSecond: false }, call)).id
}

/** One after the other, so that only one is in memory. */
async function uploadAll(
  api: HubspotApi,
  files: readonly AttachedFile[],
  call: Call,
  { filesFolder }: AttachmentSettings,
): Promise<readonly string[]> {
  const ids: string[] = []
  for (const [index, file] of files.entries()) {
    const name = uploadName(file.name, call.idempotencyKey, index)
    const bytes = await file.read(call.signal)
    ids.push(await upload(api, { name, folder: filesFolder, mediaType: file.mediaType, bytes }, index))
  }
  return ids
}

async function upload(api: HubspotApi, file: Parameters<HubspotApi['upload']>[0], index: number): Promise<string> {
  try {
    return await api.upload(file)
  } catch (error) {
    if (!(error instanceof ProblemError) || ![400, 413, 415].includes(error.problem.status)) throw error
    const { status, correlationId } = error.problem
    const told = correlationId === undefined ? '' : `, correlation id ${correlationId}`
    const message = `HubSpot does not take file ${index + 1} (${file.mediaType}, ${file.bytes.length} bytes; HTTP ${status}${told}). Leave files of this kind out of the mapping, then replay.`
    throw new FailureError(
      { kind: 'permanent', scope: 'record', code: 'FG_HUBSPOT_FILE_REFUSED', message },
      { cause: error },
    )
  }
}

/** Read by a unique property, so what was written a moment ago is there. */
async function noteOf(api: HubspotApi, key: string, submissionProperty: string) {
  try {
    const { id, properties } = await api.read({ object: 'notes', id: key }, submissionProperty, [ATTACHMENTS])
    return { id, attachments: properties[ATTACHMENTS] ?? '' }
  } catch (error) {
    if (!(error instanceof ProblemError) || !error.problem.fromHubspot) throw error
    if (error.problem.status === 404) return undefined
    // Better said before anything is uploaded.
    throw error.problem.status === 400 ? new FailureError(notPrepared('notes', submissionProperty)) : error
  }
}

/** HubSpot shows the body of a note as HTML. */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

import { type Call, type CrmRecord, FailureError, type Receipt } from 'flowgate/plugin'
import type { HubspotApi, PropertyTexts, RecordAddress, UpsertRow } from '../calls/api.ts'
import { ProblemError } from '../calls/problem.ts'
import { isRecordId } from '../object-types.ts'
import { failureOfUpdate, failureOfUpsert, gone, nothingWritten } from './write-failure.ts'

/** One record, ready to be written. */
export interface RecordToWrite {
  readonly record: CrmRecord
  readonly values: PropertyTexts
  /** The unique property that a create is found by. */
  readonly submissionProperty: string
  /** It must not be written into another record than a new one, and HubSpot creates none beside one that has its `match`. */
  readonly refusesSecond: boolean
}

/**
 * Writes one record and resolves with its id, however often it is called.
 *
 * Where the record is known it is updated by its id, which touches the properties given and no others. Else it is a batch
 * upsert of one, the write of HubSpot's that can be repeated; or, where another record may not be written, a create that
 * HubSpot refuses if one has the value of `match`. An `upsert` finds the record by `match`. A `create`
 * finds it by the submission property, which holds the call's idempotency key: the first call creates the record, and one
 * that repeats it after a lost reply meets the record it created itself. So a `create` always reports `created`.
 */
export async function writeRecord(
  api: HubspotApi,
  write: RecordToWrite,
  call: Call,
): Promise<Pick<Receipt, 'id' | 'outcome'>> {
  const { record, values } = write
  if (record.operation === 'upsert' && record.existing !== undefined) {
    return updateExisting(api, { object: record.object, id: record.existing }, values, call)
  }
  const row = record.operation === 'create' ? createRow(write, call) : upsertRow(write)
  try {
    const created = write.refusesSecond ? await createNew(api, record.object, row) : undefined
    if (created !== undefined) return { id: created, outcome: 'created' }
    // No `objectWriteTraceId`: it makes a batch answer row by row with 207, and a batch of one fails more plainly as a whole.
    const written = await api.upsert(record.object, row)
    if (written === undefined) throw new FailureError(nothingWritten(`${record.object} record`))
    return { id: written.id, outcome: record.operation === 'create' || written.isNew ? 'created' : 'updated' }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const failure = failureOfUpsert(error, record, row.idProperty, call)
    throw failure === undefined ? error : new FailureError(failure, { cause: error })
  }
}

/** The id in the receipt is the one HubSpot answers: a record that was merged goes on under another. */
async function updateExisting(
  api: HubspotApi,
  address: RecordAddress,
  values: PropertyTexts,
  call: Call,
): Promise<Pick<Receipt, 'id' | 'outcome'>> {
  if (!isRecordId(address.id)) throw new FailureError(gone(address.object, call))
  if (Object.keys(values).length === 0) return { id: address.id, outcome: 'unchanged' }
  try {
    return { id: await api.update(address, values), outcome: 'updated' }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const failure = failureOfUpdate(error, address.object, call)
    throw failure === undefined ? error : new FailureError(failure, { cause: error })
  }
}

/** An upsert would write into a record that appeared since it was looked for. `undefined`: there is no such call. */
async function createNew(api: HubspotApi, object: string, row: UpsertRow): Promise<string | undefined> {
  try {
    return await api.create(object, row.properties)
  } catch (error) {
    if (error instanceof ProblemError && error.isNoRoute && !error.problem.fromHubspot) return undefined
    throw error
  }
}

function createRow({ values, submissionProperty }: RecordToWrite, call: Call): UpsertRow {
  const properties = { ...values, [submissionProperty]: call.idempotencyKey }
  return { id: call.idempotencyKey, idProperty: submissionProperty, properties }
}

/** Always with every property: HubSpot does not take partial upserts by e-mail. */
function upsertRow({ record: { match }, values }: RecordToWrite): UpsertRow {
  const id = match === undefined ? undefined : values[match]
  if (match === undefined || id === undefined || id === '') {
    throw new FailureError({
      kind: 'permanent',
      scope: 'record',
      code: 'FG_HUBSPOT_MATCH_EMPTY',
      message: 'An upsert needs `match`, and a value in the field it names. Correct the mapping, then replay.',
      ...(match === undefined ? {} : { fields: [match] }),
    })
  }
  return { id, idProperty: match, properties: values }
}

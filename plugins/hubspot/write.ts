import { type Call, type CrmRecord, type Failure, FailureError, type Receipt } from 'flowgate/plugin'
import type { HubspotApi, RecordAddress, UpsertRow } from './api.ts'
import { ProblemError } from './problem.ts'
import { propertyValues } from './properties.ts'

/**
 * Writes one record and resolves with its id, however often it is called.
 *
 * Both operations are a batch upsert of one, the only write of HubSpot's that can be repeated. An `upsert` finds the
 * record by `match`. A `create` finds it by the submission property, which holds the call's idempotency key: the first
 * call creates the record, and one that repeats it after a lost reply meets the record it created itself. So a `create`
 * always reports `created`.
 */
export async function writeRecord(
  api: HubspotApi,
  record: CrmRecord,
  call: Call,
  submissionProperty: string,
): Promise<Pick<Receipt, 'id' | 'outcome'>> {
  const row = record.operation === 'create' ? createRow(record, call, submissionProperty) : upsertRow(record)
  try {
    // No `objectWriteTraceId`: it makes a batch answer row by row with 207, and a batch of one fails more plainly as a whole.
    const written = await api.upsert(record.object, row)
    if (written === undefined) throw new FailureError(nothingWritten(`${record.object} record`))
    return { id: written.id, outcome: record.operation === 'create' || written.isNew ? 'created' : 'updated' }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const failure = failureOfWrite(error, record, row.idProperty)
    throw failure === undefined ? error : new FailureError(failure, { cause: error })
  }
}

/**
 * Links a written record. What is linked already stays so. An answer that is complete and names no link is asked for
 * once more; the second is believed, since HubSpot does not document what it says of a pair that is linked already.
 */
export async function linkRecord(api: HubspotApi, from: RecordAddress, to: RecordAddress): Promise<void> {
  if (!(await api.link(from, to))) await api.link(from, to)
}

function createRow(record: CrmRecord, call: Call, submissionProperty: string): UpsertRow {
  const properties = { ...propertyValues(record.fields), [submissionProperty]: call.idempotencyKey }
  return { id: call.idempotencyKey, idProperty: submissionProperty, properties }
}

/** Always with every property: HubSpot does not take partial upserts by e-mail. */
function upsertRow(record: CrmRecord): UpsertRow {
  const properties = propertyValues(record.fields)
  const id = record.match === undefined ? undefined : properties[record.match]
  if (record.match === undefined || id === undefined || id === '') {
    throw new FailureError({
      kind: 'permanent',
      scope: 'record',
      code: 'FG_HUBSPOT_MATCH_EMPTY',
      message: 'An upsert needs `match`, and a value in the field it names. Correct the mapping, then replay.',
      ...(record.match === undefined ? {} : { fields: [record.match] }),
    })
  }
  return { id, idProperty: record.match, properties }
}

/** What an answer means because of how the record was looked for. `undefined`: nothing beyond what it says itself. */
function failureOfWrite(error: ProblemError, record: CrmRecord, idProperty: string): Failure | undefined {
  const { refused, notUnique, status } = error.problem
  if (status !== 400 && status !== 207) return undefined
  const own = refused.find(({ name }) => name === idProperty)
  if (
    own?.code === 'CONFLICTING_UNIQUE_VALUE' ||
    (error.mentions(idProperty) && error.mentions('already has that value'))
  ) {
    const message = `Another write created the same ${record.object} record at the same moment.`
    return { kind: 'retryable', code: 'FG_HUBSPOT_CONFLICT', message }
  }
  const lacking =
    own?.code === 'PROPERTY_DOESNT_EXIST' || notUnique || (refused.length === 0 && error.mentions(idProperty))
  return record.operation === 'create' && lacking ? notPrepared(record.object, idProperty) : undefined
}

function notPrepared(object: string, submissionProperty: string): Failure {
  return {
    kind: 'permanent',
    scope: 'destination',
    code: 'FG_HUBSPOT_NOT_PREPARED',
    message: `HubSpot has no property ${submissionProperty} with unique values on ${object}, without which a create could happen twice. Run \`flowgate destinations prepare\`, then resume the destination.`,
  }
}

function nothingWritten(what: string): Failure {
  const message = `HubSpot accepted the ${what} and then reported that it wrote nothing.`
  return { kind: 'retryable', code: 'FG_HUBSPOT_NOTHING_WRITTEN', message }
}

import type { Call, CrmRecord, Failure } from 'flowgate/plugin'
import type { ProblemError } from '../calls/problem.ts'

/**
 * Tries after which what could have been a race, or a search that lags behind, is neither any longer: the schedule has
 * waited some forty seconds by then.
 */
const TRIES = 3

/** What an answer to an upsert, or to a create in its place, means because of how the record was looked for. `undefined`: nothing beyond what it says itself. */
export function failureOfUpsert(
  error: ProblemError,
  record: CrmRecord,
  idProperty: string,
  call: Call,
): Failure | undefined {
  const { refused, notUnique, status, category } = error.problem
  const other = error.existingIdBeside(Object.values(record.fields))
  if (other !== undefined && (status === 409 || category === 'CONFLICT')) {
    // Whoever has the e-mail is the record that is matched by it, and may not be written before it was read.
    if (record.guarded && idProperty === 'email') return { ...taken(record.object, [other]), adopt: true }
    // By e-mail it may be a twin that was created at the same moment; by anything else another record may hold the e-mail.
    return call.attempt > TRIES ? taken(record.object, [other]) : undefined
  }
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
  if (record.operation !== 'create' || !lacking) return undefined
  return record.separate === undefined
    ? notPrepared(record.object, idProperty)
    : cannotBeSeparate(record.object, idProperty)
}

/** What an answer to a write by id means. */
export function failureOfUpdate(error: ProblemError, object: string, call: Call): Failure | undefined {
  const { status, fromHubspot } = error.problem
  if (status === 404 && fromHubspot) return gone(object, call)
  return status === 409 && error.existingIdBeside([]) !== undefined ? taken(object, undefined) : undefined
}

/** Looked for again it may be found, or created: a search can show a record for a while after it was deleted. */
export function gone(object: string, call: Call): Failure {
  const code = 'FG_HUBSPOT_GONE'
  const found = `The ${object} record to update is no longer in HubSpot`
  return call.attempt > TRIES
    ? { kind: 'permanent', scope: 'record', code, message: `${found}. Replay: then it is looked for anew.` }
    : { kind: 'retryable', code, message: `${found}. It is looked for anew.` }
}

/**
 * HubSpot does not know a record that was written or found a moment ago. `undefined` once it has had the time to: then it
 * was deleted.
 */
export function notThereYet(object: string, call: Call): Failure | undefined {
  if (call.attempt > TRIES) return undefined
  const message = `HubSpot does not know the ${object} record that was written or found before, or not yet. It is asked again.`
  return { kind: 'retryable', code: 'FG_HUBSPOT_NOT_FOUND', message }
}

/** The property by which a create is repeatable is not there, or not unique. */
export function notPrepared(object: string, submissionProperty: string): Failure {
  return {
    kind: 'permanent',
    scope: 'destination',
    code: 'FG_HUBSPOT_NOT_PREPARED',
    message: `HubSpot has no property ${submissionProperty} with unique values on ${object}, without which a create could happen twice. Run \`flowgate destinations prepare\`, then resume the destination.`,
  }
}

/** Somebody chose a record of its own where the mapping has none created: the others need no such property and go on. */
function cannotBeSeparate(object: string, submissionProperty: string): Failure {
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_HUBSPOT_NOT_PREPARED',
    message: `A record of its own was chosen, and HubSpot has no property ${submissionProperty} with unique values on ${object}, without which a create could happen twice. Add that property (single-line text, unique values), then replay, or choose one of the records that were found.`,
  }
}

/** HubSpot said yes and named no row. */
export function nothingWritten(what: string): Failure {
  const message = `HubSpot accepted the ${what} and then reported that it wrote nothing.`
  return { kind: 'retryable', code: 'FG_HUBSPOT_NOTHING_WRITTEN', message }
}

function taken(object: string, candidates: readonly string[] | undefined): Extract<Failure, { kind: 'permanent' }> {
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_HUBSPOT_TAKEN',
    message: `Another ${object} record in HubSpot already has a value that only one can have, such as the e-mail address. Merge the two in HubSpot, or choose that record, then replay.`,
    ...(candidates === undefined ? {} : { candidates }),
  }
}

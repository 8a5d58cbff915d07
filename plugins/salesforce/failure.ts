import { type Failure, FailureError } from 'flowgate/plugin'
import { UnansweredError } from './exchange.ts'
import { type Problem, ProblemError } from './problem.ts'

const CONCURRENT_SECONDS = 10
/** The limit of calls counts the last 24 hours, so some come free all the time. */
const DAILY_SECONDS = 60
const DAY_SECONDS = 24 * 3600

/** Codes by what the gateway does about them. See developer.salesforce.com, "Status codes and error responses". */
const ACCESS = [
  'API_DISABLED',
  'API_DISABLED_FOR_ORG',
  'API_CURRENTLY_DISABLED',
  'FUNCTIONALITY_NOT_ENABLED',
  'TRIAL_EXPIRED',
]
const SESSION = ['INVALID_SESSION_ID', 'INVALID_AUTH_HEADER', 'INVALID_LOGIN']
const BUSY = [
  'SERVER_UNAVAILABLE',
  'UNKNOWN_EXCEPTION',
  'QUERY_TIMEOUT',
  'REQUEST_RUNNING_TOO_LONG',
  'INVALID_QUERY_LOCATOR',
]
const AUTOMATION = ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'CANNOT_EXECUTE_FLOW_TRIGGER', 'APEX_ERROR']
const MISSING = ['NOT_FOUND', 'ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY', 'INVALID_TYPE', 'MALFORMED_ID']

/** Classifies what a call to Salesforce threw. `undefined`: the error is not of Salesforce's making. */
export function classify(error: unknown): Failure | undefined {
  if (error instanceof ProblemError) return failureOf(error)
  if (error instanceof UnansweredError) return unanswered(error)
  return undefined
}

/** Runs an action whose caller knows no Salesforce: what it throws becomes a FailureError, where it can. */
export async function failing<Result>(action: () => Promise<Result>): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    const failure = classify(error)
    throw failure === undefined ? error : new FailureError(failure, { cause: error })
  }
}

function unanswered(error: UnansweredError): Failure {
  switch (error.reason) {
    case 'network':
      return retryable('FG_SALESFORCE_UNREACHABLE', `Salesforce could not be reached (${error.message}).`)
    case 'unreadable':
      return retryable('FG_SALESFORCE_UNREADABLE', 'Salesforce answered something that is not JSON.')
    case 'unsendable':
      return destination('FG_SALESFORCE_CREDENTIALS', `${error.message}. Correct it and resume the destination.`)
    case 'not-salesforce':
      return address()
    case 'instance':
      return destination(
        'FG_SALESFORCE_INSTANCE',
        'The token reply leads to a host that is neither `login_url` nor of Salesforce. Correct `login_url` and resume the destination.',
      )
    case 'deadline':
    case 'aborted':
      return retryable('FG_SALESFORCE_TIMEOUT', `Salesforce did not answer in time (${error.message}).`)
  }
}

/** Of several errors the one that decides first: what stops everything, what waits, what can never pass, what may. */
function failureOf(error: ProblemError): Failure {
  const { problem } = error
  const { status } = problem
  if (problem.oauth !== undefined) return failureOfSignIn(error, problem.oauth)
  if (status === 300) return ambiguous(problem)
  if (status < 400 && problem.errors.length === 0) return address()
  if (status === 401 || hasAny(error, SESSION)) return credentials(problem)
  if (hasAny(error, ACCESS)) return access(problem)
  if (status === 410 || error.has('UNSUPPORTED_API_VERSION')) return version(problem)
  if (error.has('STORAGE_LIMIT_EXCEEDED')) return storage(problem)
  if (status === 429 || error.has('REQUEST_LIMIT_EXCEEDED')) return rateLimit(error)
  if (!problem.fromSalesforce && status === 404) return address()
  // What stands in between, such as a firewall, refuses whatever is sent.
  if (!problem.fromSalesforce && status === 403) return access(problem)
  const never = problem.errors.filter(({ code }) => !isPassing(error, code))
  if (never.length > 0) return refusal(error)
  const locked = status === 423 || error.has('UNABLE_TO_LOCK_ROW') || hasAny(error, AUTOMATION)
  if (locked) return retryable('FG_SALESFORCE_LOCKED', told('The record is locked by other writes', problem))
  return status >= 500 || status === 408 || status === 420 || problem.errors.length > 0
    ? unavailable(problem)
    : refused(problem)
}

/** Whether an error is about the moment and not about what was sent. A trigger fails for many reasons; its text says which. */
function isPassing(error: ProblemError, code: string): boolean {
  if (code === 'UNABLE_TO_LOCK_ROW' || BUSY.includes(code)) return true
  // A status of trouble with a code that is not known here is trouble all the same.
  if (error.problem.status >= 500 && !AUTOMATION.includes(code)) return true
  return AUTOMATION.includes(code) && (error.mentions('UNABLE_TO_LOCK_ROW') || error.mentions('Too many SOQL queries'))
}

function refusal(error: ProblemError): Failure {
  const { problem } = error
  const candidates = [...new Set(problem.records.map(({ id }) => id))]
  if (error.has('DUPLICATES_DETECTED')) {
    const message =
      'A duplicate rule found the record there already. Choose which to update, or set `duplicates`, then replay'
    return record('FG_SALESFORCE_DUPLICATE', told(message, problem), problem, candidates)
  }
  if (error.has('DUPLICATE_VALUE')) {
    const message =
      'Another record has the value of a unique field. Choose that record, or correct the mapping, then replay'
    return record('FG_SALESFORCE_VALUE_TAKEN', told(message, problem), problem, candidates)
  }
  if (error.has('CANNOT_UPDATE_CONVERTED_LEAD')) {
    return record(
      'FG_SALESFORCE_CONVERTED_LEAD',
      told('The lead was converted and cannot be written', problem),
      problem,
    )
  }
  if (error.has('FIELD_CUSTOM_VALIDATION_EXCEPTION')) {
    return record('FG_SALESFORCE_RULE', told('A validation rule of the org refused the record', problem), problem)
  }
  if (hasAny(error, AUTOMATION)) {
    const message = 'A trigger or a flow of the org failed over the record. Its owner finds why in the debug log'
    return record('FG_SALESFORCE_AUTOMATION', told(message, problem), problem)
  }
  if (hasAny(error, MISSING)) {
    const message = 'Salesforce does not know the object, a field to find by, or a record it is written to or linked to'
    return record('FG_SALESFORCE_NOT_FOUND', told(message, problem), problem)
  }
  return refused(problem)
}

function refused(problem: Problem): Failure {
  const names = fieldsOf(problem)
  if (names.length === 0) {
    const message = 'Salesforce refused the record without naming a field. Correct what the code says, then replay'
    return record('FG_SALESFORCE_RECORD_REFUSED', told(message, problem), problem)
  }
  const message = `Salesforce refused ${names.join(', ')}. Correct the mapping, the field or its permissions, then replay`
  return record('FG_SALESFORCE_FIELD_REFUSED', told(message, problem), problem)
}

function ambiguous(problem: Problem): Failure {
  const message = 'Several records have the value looked for. Choose one, or make the field unique in Salesforce'
  const candidates = problem.records.map(({ id }) => id)
  return record('FG_SALESFORCE_AMBIGUOUS', told(message, problem), problem, candidates)
}

/** The token endpoint says no. Its description names the user at times, so only what it is about is told. */
function failureOfSignIn(error: ProblemError, code: string): Failure {
  const { problem } = error
  if (problem.status === 429 || error.mentions('rate exceeded')) return rateLimit(error)
  const passing = ['server_error', 'temporarily_unavailable', 'unknown_error'].includes(code)
  if (problem.status >= 500 || passing) return unavailable(problem)
  const hints = [
    ['not supported on this domain', 'Client credentials work at the My Domain of the org only: correct `login_url`'],
    ['no client credentials user', 'The app has no run-as user: choose one in its policies'],
    ["hasn't approved", 'The user is not pre-authorized: add the profile or permission set in the policies of the app'],
    ['audience', 'Salesforce does not take this `audience`'],
  ] as const
  const hint = hints.find(([words]) => error.mentions(words))?.[1] ?? 'Correct the credentials'
  const message = `Salesforce does not let the client sign in. ${hint}, then resume the destination (${code}).`
  return destination('FG_SALESFORCE_CREDENTIALS', message)
}

function credentials(problem: Problem): Failure {
  const message =
    'Salesforce refuses the session, a new one too. Check the app and its user, and resume the destination'
  return destination('FG_SALESFORCE_CREDENTIALS', told(message, problem))
}

function access(problem: Problem): Failure {
  const message =
    'The org, its user or a firewall in between does not let the API be used. Allow it and resume the destination'
  return destination('FG_SALESFORCE_ACCESS', told(message, problem))
}

function version(problem: Problem): Failure {
  const message = 'The org no longer has this version of the API. Set a newer `api_version` and resume the destination'
  return destination('FG_SALESFORCE_VERSION', told(message, problem))
}

function storage(problem: Problem): Failure {
  const message = 'The storage of the org is full. Make room or buy some, and resume the destination'
  return destination('FG_SALESFORCE_STORAGE', told(message, problem))
}

function address(): Failure {
  const message = 'What answers at `login_url` is not the Salesforce API. Correct it and resume the destination.'
  return destination('FG_SALESFORCE_ADDRESS', message)
}

function rateLimit(error: ProblemError): Failure {
  const { problem } = error
  const daily = error.has('REQUEST_LIMIT_EXCEEDED') && !error.mentions('concurrent')
  const which = daily ? 'its limit of calls in 24 hours' : 'a limit of calls'
  const asked = problem.retryAfterSeconds ?? (daily ? DAILY_SECONDS : CONCURRENT_SECONDS)
  return {
    kind: 'rate-limited',
    code: 'FG_SALESFORCE_RATE_LIMIT',
    message: told(`The org has reached ${which}`, problem),
    retryAfterSeconds: Math.min(Math.max(asked, 1), DAY_SECONDS),
  }
}

function unavailable(problem: Problem): Failure {
  return retryable('FG_SALESFORCE_UNAVAILABLE', told('Salesforce has trouble of its own', problem))
}

function hasAny(error: ProblemError, codes: readonly string[]): boolean {
  return codes.some((code) => error.has(code))
}

function fieldsOf(problem: Problem): readonly string[] {
  return [...new Set(problem.errors.flatMap(({ fields }) => fields))]
}

function retryable(code: string, message: string): Failure {
  return { kind: 'retryable', code, message }
}

function destination(code: string, message: string): Failure {
  return { kind: 'permanent', code, message, scope: 'destination' }
}

function record(code: string, message: string, problem: Problem, candidates: readonly string[] = []): Failure {
  const fields = fieldsOf(problem)
  return {
    kind: 'permanent',
    code,
    message,
    scope: 'record',
    ...(fields.length === 0 ? {} : { fields }),
    ...(candidates.length === 0 ? {} : { candidates }),
  }
}

/** Adds what Salesforce's documentation is searched by. */
function told(message: string, { status, errors, oauth }: Problem): string {
  const codes = oauth === undefined ? errors.map(({ code }) => code) : [oauth]
  return `${message} (${[`HTTP ${status}`, ...new Set(codes)].join(', ')}).`
}

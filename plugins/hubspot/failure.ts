import { type Failure, FailureError } from 'flowgate/plugin'
import { UnansweredError } from './calls/exchange.ts'
import { type Problem, ProblemError } from './calls/problem.ts'

const TEN_SECONDS = 10
const HOUR_SECONDS = 3600
const DAY_SECONDS = 24 * HOUR_SECONDS

/** Classifies what a call to HubSpot threw. `undefined`: the error is not of HubSpot's making, or says itself what it is. */
export function classify(error: unknown): Failure | undefined {
  if (error instanceof ProblemError) return failureOf(error.problem)
  if (error instanceof UnansweredError) return unanswered(error)
  return undefined
}

/** Runs what others than deliveries ask for: whatever HubSpot throws becomes a FailureError. */
export async function withFailures<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    const failure = classify(error)
    throw failure === undefined ? error : new FailureError(failure, { cause: error })
  }
}

function unanswered(error: UnansweredError): Failure {
  switch (error.reason) {
    case 'network':
      return retryable('FG_HUBSPOT_UNREACHABLE', `HubSpot could not be reached (${error.message}).`)
    case 'unreadable':
      return retryable('FG_HUBSPOT_UNREADABLE', 'HubSpot answered a success that is not JSON, or not of its form.')
    case 'unsendable':
      return destination('FG_HUBSPOT_CREDENTIALS', `${error.message}. Set a valid one and resume the destination.`)
    case 'not-hubspot':
      return address()
    case 'deadline':
    case 'aborted':
      return retryable('FG_HUBSPOT_TIMEOUT', `HubSpot did not answer in time (${error.message}).`)
  }
}

function failureOf(problem: Problem): Failure {
  if (problem.badHub) return revoked(problem)
  const byStatus = failureOfStatus(problem)
  return problem.status === 207 || problem.category === 'CONFLICT' ? failureOfCategory(problem) : byStatus
}

/** Statuses as documented under developers.hubspot.com, "error handling". */
function failureOfStatus(problem: Problem): Failure {
  const { status } = problem
  if (status < 400) return address()
  if (status === 401) return credentials(problem)
  if (status === 403) return scopes(problem)
  if (status === 404) return problem.fromHubspot ? missing(problem) : address()
  if (status === 408) return unavailable(problem)
  if (status === 409) return conflict(problem)
  if (status === 423) return locked(problem)
  if (status === 429) return rateLimit(problem)
  if (status === 477) return migration(problem)
  return status >= 500 ? unavailable(problem) : refused(problem)
}

/** One row of a batch says no with a category alone. What is not known may pass later; the schedule bounds it. */
function failureOfCategory(problem: Problem): Failure {
  switch (problem.category) {
    case 'CONFLICT':
      return conflict(problem)
    case 'VALIDATION_ERROR':
      return refused(problem)
    case 'OBJECT_NOT_FOUND':
      return missing(problem)
    case 'INVALID_AUTHENTICATION':
    case 'EXPIRED_AUTHENTICATION':
      return credentials(problem)
    case 'MISSING_SCOPES':
      return scopes(problem)
    case 'RATE_LIMITS':
      return rateLimit(problem)
    default:
      return problem.refused.length > 0 ? refused(problem) : unavailable(problem)
  }
}

function refused(problem: Problem): Failure {
  if (problem.notUnique) {
    const message = 'HubSpot finds records only by e-mail or by a property with unique values. Change `match`'
    return record('FG_HUBSPOT_MATCH_NOT_UNIQUE', told(message, problem), problem)
  }
  if (problem.refused.length === 0) {
    const message = problem.fromHubspot
      ? 'HubSpot refused the record without naming a property. Look it up by the correlation id'
      : 'The record was refused in words that are not HubSpot’s, as a proxy or a firewall sends them. Look there, then replay'
    return record('FG_HUBSPOT_RECORD_REFUSED', told(message, problem), problem)
  }
  const names = problem.refused.map(({ name, code }) => `${name} (${code})`).join(', ')
  const message = `HubSpot refused ${names}. Correct the mapping or the property in HubSpot, then replay`
  return record('FG_HUBSPOT_FIELD_REFUSED', told(message, problem), problem)
}

function missing(problem: Problem): Failure {
  const message = 'HubSpot does not know an object or a record this one is written to or linked to'
  return record('FG_HUBSPOT_NOT_FOUND', told(message, problem), problem)
}

function conflict(problem: Problem): Failure {
  return retryable('FG_HUBSPOT_CONFLICT', told('HubSpot was writing the same record at the same time', problem))
}

/** A lock lasts two seconds (HubSpot, "error handling"); the schedule's first step is as long. */
function locked(problem: Problem): Failure {
  return retryable('FG_HUBSPOT_LOCKED', told('The record is locked by other writes in HubSpot', problem))
}

function unavailable(problem: Problem): Failure {
  return retryable('FG_HUBSPOT_UNAVAILABLE', told('HubSpot has trouble of its own', problem))
}

function credentials(problem: Problem): Failure {
  const message = 'HubSpot does not accept the access token. Set a valid one and resume the destination'
  return destination('FG_HUBSPOT_CREDENTIALS', told(message, problem))
}

function revoked(problem: Problem): Failure {
  const message =
    'The HubSpot account is deleted, or has disconnected the app. Connect it again, set the new credentials and resume the destination'
  return destination('FG_HUBSPOT_REVOKED', told(message, problem))
}

function scopes(problem: Problem): Failure {
  const lacking = problem.scopes.length === 0 ? 'a scope' : `the scopes ${problem.scopes.join(', ')}`
  const message = problem.fromHubspot
    ? `The access token lacks ${lacking}. Add what the destination needs in HubSpot and resume it`
    : 'The call was refused in words that are not HubSpot’s: the access token lacks a scope, or a proxy or a firewall is in the way. See to it and resume the destination'
  return destination('FG_HUBSPOT_SCOPES', told(message, problem))
}

function address(): Failure {
  const message = 'What answers at `base_url` is not the HubSpot API. Correct it and resume the destination.'
  return destination('FG_HUBSPOT_ADDRESS', message)
}

function rateLimit(problem: Problem): Failure {
  const byLimit = { second: 1, 'ten-seconds': TEN_SECONDS, day: HOUR_SECONDS }
  const otherwise = problem.limit === undefined ? TEN_SECONDS : byLimit[problem.limit]
  const which = problem.limit === 'day' ? 'the limit of calls per day' : 'a limit of calls'
  return rateLimited(
    'FG_HUBSPOT_RATE_LIMIT',
    told(`The HubSpot account has reached ${which}`, problem),
    problem,
    otherwise,
  )
}

/** HubSpot moves an account between data centres: up to 24 hours, said in `Retry-After`. */
function migration(problem: Problem): Failure {
  const message = told('HubSpot is moving the account to another data centre', problem)
  return rateLimited('FG_HUBSPOT_MIGRATION', message, problem, HOUR_SECONDS)
}

function rateLimited(code: string, message: string, problem: Problem, otherwiseSeconds: number): Failure {
  const asked = problem.retryAfterSeconds ?? otherwiseSeconds
  return { kind: 'rate-limited', code, message, retryAfterSeconds: Math.min(Math.max(asked, 1), DAY_SECONDS) }
}

function retryable(code: string, message: string): Failure {
  return { kind: 'retryable', code, message }
}

function destination(code: string, message: string): Failure {
  return { kind: 'permanent', code, message, scope: 'destination' }
}

function record(code: string, message: string, problem: Problem): Failure {
  const fields = problem.refused.map(({ name }) => name)
  return { kind: 'permanent', code, message, scope: 'record', ...(fields.length === 0 ? {} : { fields }) }
}

/** Adds what HubSpot's support asks for. */
function told(message: string, problem: Problem): string {
  const parts = [
    `HTTP ${problem.status}`,
    problem.category ?? problem.word,
    problem.correlationId && `correlation id ${problem.correlationId}`,
  ]
  return `${message} (${parts.filter((part) => part !== undefined && part !== '').join(', ')}).`
}

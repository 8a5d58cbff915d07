import type { StandInAnswer } from 'flowgate/plugin/testing'

/** One entry of Salesforce's list of errors. */
export interface ApiError {
  readonly errorCode: string
  readonly message: string
  readonly fields?: readonly string[]
  readonly duplicateResult?: unknown
}

/** Thrown inside the stand-in to answer an error. */
export class Refused extends Error {
  readonly answer: StandInAnswer

  constructor(answer: StandInAnswer) {
    super(`refused with ${answer.status}`)
    this.answer = answer
  }
}

/** Salesforce's error shape: a list. */
export function errorsAnswer(status: number, errors: readonly ApiError[]): StandInAnswer {
  return { status, body: errors }
}

/** A list of one. */
export function errorAnswer(
  status: number,
  errorCode: string,
  message: string,
  fields?: readonly string[],
): StandInAnswer {
  return errorsAnswer(status, [{ message, errorCode, ...(fields === undefined ? {} : { fields }) }])
}

export function sessionOver(): StandInAnswer {
  return errorAnswer(401, 'INVALID_SESSION_ID', 'Session expired or invalid')
}

export function notFound(message = 'The requested resource does not exist'): StandInAnswer {
  return errorAnswer(404, 'NOT_FOUND', message)
}

/** What the token endpoint says: OAuth's shape, not the API's. */
export function signInRefused(error: string, description: string, status = 400): StandInAnswer {
  return { status, body: { error, error_description: description } }
}

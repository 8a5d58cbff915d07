import { randomUUID } from 'node:crypto'
import type { StandInAnswer } from 'flowgate/plugin/testing'

/** One property HubSpot refuses, with the code and the text it gives. */
export interface Refusal {
  readonly name: string
  readonly code: string
  readonly text: string
}

/** Thrown inside the stand-in to answer an error. */
export class Refused extends Error {
  readonly answer: StandInAnswer

  constructor(answer: StandInAnswer) {
    super(`refused with ${answer.status}`)
    this.answer = answer
  }
}

/** HubSpot's error shape. */
export function errorAnswer(
  status: number,
  category: string,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): StandInAnswer {
  return { status, body: { status: 'error', message, correlationId: randomUUID(), category, ...more } }
}

/** Refused properties are told twice: in `errors`, and as a JSON array inside the message. The text quotes the value. */
export function refusedProperties(refusals: readonly Refusal[], portalId: number): StandInAnswer {
  const inMessage = refusals.map(({ name, code, text }) => ({
    isValid: false,
    message: text,
    error: code,
    name,
    localizedErrorMessage: text,
    portalId,
  }))
  return errorAnswer(400, 'VALIDATION_ERROR', `Property values were not valid: ${JSON.stringify(inMessage)}`, {
    errors: refusals.map(({ name, code, text }) => ({ message: text, code, context: { propertyName: [name] } })),
  })
}

export function invalidRequest(message: string): StandInAnswer {
  return errorAnswer(400, 'VALIDATION_ERROR', message)
}

export function unauthorized(): StandInAnswer {
  const message = 'Authentication credentials not found. This API supports OAuth 2.0 authentication.'
  return errorAnswer(401, 'INVALID_AUTHENTICATION', message)
}

export function missingScopes(scopes: readonly string[]): StandInAnswer {
  return errorAnswer(403, 'MISSING_SCOPES', 'This app has not been granted all required scopes to make this call.', {
    errors: [
      { message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: scopes } },
    ],
    links: { scopes: 'https://developers.hubspot.com/scopes' },
  })
}

export function notFound(message: string): StandInAnswer {
  return errorAnswer(404, 'OBJECT_NOT_FOUND', message)
}

/** What a single create answers when the record is there. */
export function alreadyExists(what: string, id: string): StandInAnswer {
  return errorAnswer(409, 'CONFLICT', `${what} already exists. Existing ID: ${id}`)
}

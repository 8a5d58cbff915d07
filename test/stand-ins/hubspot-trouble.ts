import { randomUUID } from 'node:crypto'
import type { Fault } from 'flowgate/plugin/testing'
import { errorAnswer, missingScopes, type Refusal, refusedProperties } from './hubspot-answers.ts'

/** HubSpot's own kinds of trouble, in the shapes it sends them, for `misbehave`. */
export const hubspotTrouble = {
  /** 429. `policy` is HubSpot's name of the limit; search sends none. */
  rateLimit(policy: 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY', retryAfterSeconds?: number): Fault {
    const message = `You have reached your ${policy.toLowerCase()} limit.`
    const ids = { correlationId: randomUUID(), requestId: randomUUID() }
    const body = { status: 'error', message, errorType: 'RATE_LIMIT', policyName: policy, ...ids }
    const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
    return { kind: 'status', status: 429, body, headers }
  },
  /** 409: two writes of one record at once. */
  conflict(): Fault {
    return { kind: 'status', ...errorAnswer(409, 'CONFLICT', 'Contact already exists. Existing ID: 12345') }
  },
  /** 423: too many writes to one record. */
  locked(): Fault {
    return { kind: 'status', ...errorAnswer(423, 'LOCKED', 'The resource is locked') }
  },
  /** 477: the account moves to another data centre. */
  migration(retryAfterSeconds: number): Fault {
    const headers = { 'retry-after': String(retryAfterSeconds) }
    return { kind: 'status', ...errorAnswer(477, 'MIGRATION_IN_PROGRESS', 'The account is being migrated'), headers }
  },
  /** 403: the key lacks scopes. */
  scopes(...scopes: string[]): Fault {
    return { kind: 'status', ...missingScopes(scopes) }
  },
  /** What a gateway in front of HubSpot sends: a page, not JSON. */
  page(status: number): Fault {
    const headers = { 'content-type': 'text/html; charset=UTF-8' }
    return {
      kind: 'status',
      status,
      body: `<!DOCTYPE html><html><body><h1>Error ${status}</h1></body></html>`,
      headers,
    }
  },
  /** 200 without results or errors, and nothing written. */
  nothingWritten(): Fault {
    return { kind: 'status', status: 200, body: { status: 'COMPLETE', results: [], errors: [] } }
  },
  /** 207 for the one row of a batch, and nothing written. */
  rowError(category: string, message: string): Fault {
    return batchOfErrors({ status: 'error', category, message, context: {} })
  },
  /** 207 for a row with refused properties, and nothing written. */
  refusedRow(...refusals: Refusal[]): Fault {
    return batchOfErrors(refusedProperties(refusals, 1).body)
  },
} as const

function batchOfErrors(...errors: unknown[]): Fault {
  return { kind: 'status', status: 207, body: { status: 'COMPLETE', results: [], numErrors: errors.length, errors } }
}

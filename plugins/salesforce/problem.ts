import type { Answer } from './exchange.ts'
import { isRecord, recordsIn, word, wordsIn } from './json-shape.ts'
import { isRecordId, isSameId, objectNamedBy } from './record-id.ts'

/** One of the errors in an answer. Names and codes only: Salesforce quotes the values in its texts. */
export interface ApiError {
  /** Salesforce's own, for example `REQUIRED_FIELD_MISSING`. */
  readonly code: string
  readonly fields: readonly string[]
}

/** A record that an answer names. The object is not always said. */
export interface NamedRecord {
  readonly object: string | undefined
  readonly id: string
}

/** What an error answer says, less everything that could hold a person's answers or a secret. */
export interface Problem {
  readonly status: number
  /** Whether the body is Salesforce's own error shape and not, say, a proxy's page. */
  readonly fromSalesforce: boolean
  readonly errors: readonly ApiError[]
  /** The error of the token endpoint, which speaks OAuth and not the API's language. */
  readonly oauth: string | undefined
  /** Records it names: those a duplicate rule found, the holder of a unique value, those that share an external id. */
  readonly records: readonly NamedRecord[]
  /** What `Retry-After` asks for. */
  readonly retryAfterSeconds: number | undefined
}

/** Salesforce answered, and the answer is no. Its message and its `problem` are safe to log. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem
  readonly #text: string

  constructor(problem: Problem, text: string) {
    super(`Salesforce answered ${[problem.status, ...problem.errors.map(({ code }) => code)].join(' ')}`)
    this.problem = problem
    this.#text = text
  }

  /** Whether nothing of the API answers at this path and method, whoever says so. */
  get isNoRoute(): boolean {
    return this.problem.oauth === undefined && [404, 405, 501].includes(this.problem.status)
  }

  /** Whether Salesforce itself says that the record asked for by its path is not there. */
  get isMissing(): boolean {
    return this.problem.status === 404 && this.problem.fromSalesforce
  }

  /** Whether one of its errors has this code. */
  has(code: string): boolean {
    return this.problem.errors.some((error) => error.code === code)
  }

  /** Whether Salesforce's text speaks of `words`. The text itself is not given out: it may quote a person's answers. */
  mentions(words: string): boolean {
    return this.#text.toLowerCase().includes(words.toLowerCase())
  }

  /** Whether Salesforce's text names this field, and not merely another whose name holds this one's. */
  names(field: string): boolean {
    return this.#text.toLowerCase().split(/\W+/).includes(field.toLowerCase())
  }

  /** The type of field that Salesforce could not make of a value. */
  get wanted(): string | undefined {
    return /^Cannot deserialize instance of ([a-z]{1,20}) from/.exec(this.#text)?.[1]
  }

  /** Salesforce's text, with every part that `hide` makes of it left out. For words that an org's own administrator wrote. */
  textWithout(hide: (text: string) => string): string {
    return hide(this.#text)
  }
}

/**
 * Reads an answer within 2xx that says no all the same: a list of errors, or a record that was not saved, whose errors are
 * spelled differently. `undefined`: it says no such thing.
 */
export function refusalWithin(status: number, body: unknown): ProblemError | undefined {
  const told = isRecord(body) && body['success'] !== true ? recordsIn(body['errors']) : recordsIn(body)
  const errors = told.map((error) => ({ ...error, errorCode: error['errorCode'] ?? error['statusCode'] }))
  const refusal = problemOfAnswer({ status, headers: {}, text: JSON.stringify(errors) })
  return refusal.problem.errors.length > 0 ? refusal : undefined
}

/** Reads an answer outside 2xx. */
export function problemOfAnswer({ status, headers, text }: Answer): ProblemError {
  const body = parsed(text)
  const errors = (Array.isArray(body) ? recordsIn(body) : recordsIn([body])).filter((error) => word(error['errorCode']))
  const oauth = isRecord(body) ? word(body['error']) : undefined
  const messages = [...errors.map((error) => error['message']), isRecord(body) ? body['error_description'] : undefined]
  const said = messages.filter((message) => typeof message === 'string').join(' ')
  const problem: Problem = {
    status,
    fromSalesforce: errors.length > 0 || oauth !== undefined || (status === 300 && Array.isArray(body)),
    errors: errors.map(readError),
    oauth,
    records: distinct(status === 300 ? pathsOf(body) : [...errors.flatMap(duplicatesOf), ...holdersIn(errors, said)]),
    retryAfterSeconds: retryAfterSeconds(headers),
  }
  return new ProblemError(problem, said)
}

/** Salesforce names the fields, except where there is no such field: then its text does, as it does for those that are missing. */
function readError(error: Record<string, unknown>): ApiError {
  const code = word(error['errorCode']) ?? 'UNKNOWN'
  const text = typeof error['message'] === 'string' ? error['message'] : ''
  const lacking = code === 'INVALID_FIELD' ? /No such column '([A-Za-z]\w{0,79})'/.exec(text)?.[1] : undefined
  const missing = code === 'REQUIRED_FIELD_MISSING' ? /fields are missing: \[([\w, ]+)\]/.exec(text)?.[1] : undefined
  const inText = [...(lacking === undefined ? [] : [lacking]), ...wordsIn(missing?.split(', '))]
  return { code, fields: [...new Set([...wordsIn(error['fields']), ...inText])] }
}

function duplicatesOf(error: Record<string, unknown>): readonly NamedRecord[] {
  const result = isRecord(error['duplicateResult']) ? error['duplicateResult'] : {}
  return recordsIn(result['matchResults'])
    .flatMap((match) => recordsIn(match['matchRecords']).map((found) => ({ match, record: found['record'] })))
    .flatMap(({ match, record }) => {
      if (!isRecord(record)) return []
      const attributes = isRecord(record['attributes']) ? record['attributes'] : {}
      const id = record['Id'] ?? record['id'] ?? /\/([A-Za-z0-9]+)$/.exec(String(attributes['url']))?.[1]
      // The rule's object need not be that of the record: rules for leads find contacts too.
      const told = word(attributes['type']) ?? (isRecordId(id) ? objectNamedBy(id) : undefined)
      return named(told ?? word(match['entityType']), id)
    })
}

/** "duplicate value found: Ext__c duplicates value on record with id: 00Q…" */
function holdersIn(errors: readonly Record<string, unknown>[], text: string): readonly NamedRecord[] {
  if (!errors.some((error) => error['errorCode'] === 'DUPLICATE_VALUE')) return []
  return [...text.matchAll(/record with id: ([A-Za-z0-9]{15,18})\b/g)].flatMap(([, id]) => named(undefined, id))
}

/** The answer 300 lists the paths of the records that share an external id. */
function pathsOf(body: unknown): readonly NamedRecord[] {
  return (Array.isArray(body) ? body : []).flatMap((path: unknown) => {
    const [, object, id] = /\/sobjects\/([A-Za-z]\w*)\/([A-Za-z0-9]+)$/.exec(String(path)) ?? []
    return named(object, id)
  })
}

function named(object: string | undefined, id: unknown): readonly NamedRecord[] {
  return isRecordId(id) ? [{ object, id }] : []
}

/** Each record once, by its longer id where both were told. */
function distinct(records: readonly NamedRecord[]): readonly NamedRecord[] {
  const longestFirst = records.toSorted((one, other) => other.id.length - one.id.length)
  return records.flatMap((record) => {
    const longest = longestFirst.find(({ id }) => isSameId(id, record.id)) ?? record
    return records.find(({ id }) => isSameId(id, record.id)) === record ? [longest] : []
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Seconds, or a date measured against the answer's own `Date`, so that no clock of ours is needed. */
function retryAfterSeconds(headers: Answer['headers']): number | undefined {
  const value = headers['retry-after']?.trim()
  if (value === undefined || value === '') return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds))
  const until = Date.parse(value) - Date.parse(headers['date'] ?? '')
  return Number.isNaN(until) ? undefined : Math.max(0, Math.ceil(until / 1000))
}

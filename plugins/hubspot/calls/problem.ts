const EXISTING_ID = /existing\s*(?:\w+\s+)?id\b["']?\s*[:=#]?\s*["']?(\d{1,20})\b/i

/** One property HubSpot would not take. Names and codes only: the value is a person's. */
export interface RefusedProperty {
  readonly name: string
  /** HubSpot's own, for example `INVALID_OPTION`. */
  readonly code: string
}

/**
 * What a HubSpot error answer says, less everything that could hold a person's answers or a secret: HubSpot quotes the
 * refused values in its texts, so no text of it is kept.
 */
export interface Problem {
  /** 207 for one row of a batch that failed alone. */
  readonly status: number
  /** Whether the body is HubSpot's own error shape and not, say, a proxy's page. */
  readonly fromHubspot: boolean
  readonly category?: string
  readonly correlationId?: string
  readonly refused: readonly RefusedProperty[]
  /** Scopes the credentials lack. */
  readonly scopes: readonly string[]
  /** The property that should find the record does not hold unique values. */
  readonly notUnique: boolean
  /** The account was deleted or has disconnected the app. */
  readonly badHub: boolean
  /** What stands in place of a category in answers about tokens, for example `BAD_REFRESH_TOKEN`. */
  readonly word?: string
  /** Which limit a 429 is about. */
  readonly limit: 'second' | 'ten-seconds' | 'day' | undefined
  /** What `Retry-After` asks for. */
  readonly retryAfterSeconds: number | undefined
}

/** HubSpot answered, and the answer is no. Its message and its `problem` are safe to log. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem
  readonly #text: string

  constructor(problem: Problem, text: string) {
    super(`HubSpot answered ${problem.status}${problem.category === undefined ? '' : ` ${problem.category}`}`)
    this.problem = problem
    this.#text = text
  }

  /** Whether HubSpot's text speaks of `word`. The text itself is not given out: it may quote a person's answers. */
  mentions(word: string): boolean {
    return this.#text.toLowerCase().includes(word.toLowerCase())
  }

  /** Whether nothing answers at this path and method, whoever says so. */
  get isNoRoute(): boolean {
    return [404, 405, 501].includes(this.problem.status)
  }

  /** Whether HubSpot itself says that a record, or an object, is not there. */
  get isNotFound(): boolean {
    const { status, fromHubspot, category } = this.problem
    return (status === 404 && fromHubspot) || (status === 207 && category === 'OBJECT_NOT_FOUND')
  }

  /**
   * The id of the record that HubSpot says is in the way ("Existing ID: 12345", in several wordings). `undefined` where it
   * names none, and where the text repeats one of these values that were sent, and it reads like that: anybody can write it.
   */
  existingIdBeside(values: readonly unknown[]): string | undefined {
    if (values.map(String).some((value) => EXISTING_ID.test(value) && this.mentions(value))) return undefined
    return EXISTING_ID.exec(this.#text)?.[1]
  }
}

/** Header names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>

/** Reads an answer outside 2xx. `body` is parsed JSON, or text where it is none. */
export function problemOfAnswer(status: number, headers: AnswerHeaders, body: unknown): ProblemError {
  return problemOf(status, body, retryAfterSeconds(headers))
}

/** Reads one entry of `errors` in the answer to a batch: HubSpot gives no status there, only a category. */
export function problemOfBatchRow(row: unknown): ProblemError {
  return problemOf(207, row, undefined)
}

function problemOf(status: number, body: unknown, retryAfter: number | undefined): ProblemError {
  const error = isRecord(body) ? body : {}
  const text = typeof error['message'] === 'string' ? error['message'] : ''
  const category = word(error['category'])
  const correlationId = word(error['correlationId'])
  const reason = error['status'] === 'error' ? undefined : (word(error['status']) ?? word(error['error']))
  const problem: Problem = {
    status,
    fromHubspot: category !== undefined || correlationId !== undefined || error['status'] === 'error',
    ...(category === undefined ? {} : { category }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(reason === undefined ? {} : { word: reason }),
    refused: refusedProperties(error, text),
    scopes: list(error['errors']).flatMap((detail) => words(context(detail)['requiredGranularScopes'])),
    notUnique: /non-unique/i.test(text),
    badHub: error['status'] === 'BAD_HUB',
    limit: limitOf(error['policyName'], text),
    retryAfterSeconds: retryAfter,
  }
  return new ProblemError(problem, text)
}

/**
 * HubSpot names refused properties twice, and either may be missing: in `errors[]` (code and `context.propertyName`, or
 * `in`) and as a JSON array inside `message` ("Property values were not valid: [{…}]").
 */
function refusedProperties(error: Record<string, unknown>, text: string): RefusedProperty[] {
  const byName = new Map<string, string>()
  for (const detail of list(error['errors'])) {
    const code = word(detail['code']) ?? 'REFUSED'
    for (const name of [...words(context(detail)['propertyName']), ...words(detail['in'])]) byName.set(name, code)
  }
  for (const detail of arrayInside(text)) {
    const name = word(detail['name'])
    if (name !== undefined && !byName.has(name)) byName.set(name, word(detail['error']) ?? 'REFUSED')
  }
  return [...byName].map(([name, code]) => ({ name, code }))
}

function arrayInside(text: string): Record<string, unknown>[] {
  const start = text.indexOf('[')
  const end = text.lastIndexOf(']')
  if (start < 0 || end < start) return []
  try {
    return list(JSON.parse(text.slice(start, end + 1)))
  } catch {
    return []
  }
}

function limitOf(policyName: unknown, text: string): Problem['limit'] {
  const policy = `${typeof policyName === 'string' ? policyName : ''} ${text}`.toLowerCase()
  if (policy.includes('daily')) return 'day'
  if (policy.includes('ten_secondly')) return 'ten-seconds'
  return policy.includes('secondly') ? 'second' : undefined
}

/** Seconds, or a date measured against the answer's own `Date`, so that no clock of ours is needed. */
function retryAfterSeconds(headers: AnswerHeaders): number | undefined {
  const value = headers['retry-after']?.trim()
  if (value === undefined || value === '') return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds))
  const until = Date.parse(value) - Date.parse(headers['date'] ?? '')
  return Number.isNaN(until) ? undefined : Math.max(0, Math.ceil(until / 1000))
}

function context(detail: Record<string, unknown>): Record<string, unknown> {
  return isRecord(detail['context']) ? detail['context'] : {}
}

/** Only what can be a name or a code passes: no spaces, no @, no sentence of HubSpot's. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z0-9_.-]{1,100}$/.test(value) ? value : undefined
}

function words(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(word).filter((found) => found !== undefined)
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

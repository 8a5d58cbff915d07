import { type AnswerHeaders, problemOfAnswer } from './problem.ts'

/** HubSpot could not be asked, did not answer in time, or what answered cannot be HubSpot. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError'
  readonly reason: 'network' | 'deadline' | 'aborted' | 'unreadable' | 'not-hubspot' | 'unsendable'

  constructor(reason: UnansweredError['reason'], detail: string) {
    super(detail)
    this.reason = reason
  }
}

/** One HTTP request, ready to be sent. */
export interface OutgoingRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: RequestBody
}

/** Text, or a form with files, whose content type `fetch` sets. */
export type RequestBody = string | FormData

/** How long one request may take: the caller's signal, and a limit of its own in case the caller sets none. */
export interface Patience {
  readonly signal: AbortSignal
  readonly withinMs: number
}

/**
 * Sends one request, once, and resolves with the JSON text of a 2xx answer (`{}` when it is empty). Rejects with
 * `ProblemError` for every other status and with `UnansweredError` otherwise. When `patience` ends, the socket is closed.
 */
export async function exchange(request: OutgoingRequest, patience: Patience): Promise<string> {
  const headers = sendable(request.headers)
  const deadline = AbortSignal.timeout(patience.withinMs)
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers,
      // A redirect would turn a write into a read and carry the token elsewhere: it is an answer like any other.
      redirect: 'manual',
      signal: AbortSignal.any([patience.signal, deadline]),
      ...(request.body === undefined ? {} : { body: request.body }),
    })
    const text = await response.text()
    if (!response.ok) throw problemOfAnswer(response.status, headersOf(response), parsed(text) ?? text)
    // Every answer of HubSpot's is an object, with lists of objects; the SDK would trip over anything else.
    if (text !== '' && !isReadable(parsed(text)))
      throw new UnansweredError('unreadable', 'The answer is no JSON object')
    return text === '' ? '{}' : text
  } catch (error) {
    if (patience.signal.aborted) throw new UnansweredError('aborted', 'The call was ended before HubSpot answered')
    if (deadline.aborted) throw new UnansweredError('deadline', `No answer within ${patience.withinMs} ms`)
    if (error instanceof TypeError) throw new UnansweredError('network', networkCode(error))
    throw error
  }
}

/** The only header an operator fills in is the token; the error of `Headers` would quote it. */
function sendable(headers: OutgoingRequest['headers']): Headers {
  try {
    return new Headers(headers)
  } catch {
    throw new UnansweredError('unsendable', 'The access token holds characters that no header can carry')
  }
}

function headersOf(response: Response): AnswerHeaders {
  return Object.fromEntries(response.headers)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isReadable(answer: unknown): boolean {
  if (!isObject(answer)) return false
  const lists = [answer['results'], answer['errors']].filter((list) => list !== undefined && list !== null)
  return lists.every((list) => Array.isArray(list) && list.every(isObject))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `fetch` hides what happened in the cause; only its code is kept, the text may name more than an operator should see. */
function networkCode(error: TypeError): string {
  const cause = error.cause
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? code : 'connection failed'
}

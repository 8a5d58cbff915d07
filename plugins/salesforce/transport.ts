import { PassThrough } from 'node:stream'
import type { HttpRequest, HttpResponse } from 'jsforce'
import { Transport } from 'jsforce/lib/transport.js'
import { StreamPromise } from 'jsforce/lib/util/promise.js'
import { exchange, type Patience, UnansweredError } from './exchange.ts'
import { problemOfAnswer } from './problem.ts'

/**
 * How jsforce reaches Salesforce during one call of the gateway. Its own way passes no AbortSignal on, repeats GET and
 * PUT five times, follows redirects, waits half an hour, and asks for new tokens for as long as a server says 401. This
 * one sends once, closes the socket when `patience` ends, and rejects with `ProblemError` for every status outside 2xx,
 * so that nothing of jsforce's own error handling is ever reached.
 */
export class CallTransport extends Transport {
  /** Of the last answer; jsforce keeps it to itself. */
  status: number | undefined
  /** Whether the last answer held nothing. */
  isEmpty = false
  readonly #patience: Patience

  constructor(patience: Patience) {
    super()
    this.#patience = patience
  }

  override httpRequest(request: HttpRequest): StreamPromise<HttpResponse> {
    return StreamPromise.create(() => ({ stream: new PassThrough(), promise: this.#send(request) }))
  }

  async #send({ method, url, headers = {}, body }: HttpRequest): Promise<HttpResponse> {
    const { 'content-length': _counted, ...sent } = headers
    const text = typeof body === 'string' ? body : undefined
    const answer = await exchange({ method, url, headers: sent, body: text }, this.#patience)
    this.status = answer.status
    this.isEmpty = answer.text === ''
    if (answer.status < 200 || answer.status > 299) throw problemOfAnswer(answer)
    if (answer.text !== '' && !isJson(answer.text)) throw new UnansweredError('unreadable', 'The answer is not JSON')
    return { statusCode: answer.status, headers: { ...answer.headers }, body: answer.text === '' ? '{}' : answer.text }
  }
}

function isJson(text: string): boolean {
  try {
    return JSON.parse(text) !== undefined
  } catch {
    return false
  }
}

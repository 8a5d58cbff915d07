import type { IncomingHttpHeaders } from 'node:http'

/** One request as a stand-in saw it. Its last fields change while it is being answered. */
export interface StandInRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** Values of the route's `:name` segments. */
  readonly parameters: Readonly<Record<string, string>>
  /** Parsed JSON, or an object of text for a form, else the text; `undefined` when there is none. */
  readonly body: unknown
  readonly bytes: Buffer
  /** The pattern of the route that took it; `undefined` when none did. */
  readonly route: string | undefined
  /** The status that was sent, once it was. */
  readonly status: number | undefined
  /** The client closed its socket before an answer was sent. */
  readonly aborted: boolean
}

/** What a stand-in sends back. Text and bytes are sent as they are, anything else as JSON, `undefined` as no body. */
export interface StandInAnswer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Applies a request to the stand-in's state and answers it. */
export type StandInHandler = (request: StandInRequest) => StandInAnswer | Promise<StandInAnswer>

/** Reads a body by its content type. Text that says JSON and is none stays text. */
export function parseBody(bytes: Buffer, contentType: string | undefined): unknown {
  if (bytes.length === 0) return undefined
  const text = bytes.toString('utf8')
  if (contentType?.includes('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text))
  if (!contentType?.includes('json')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

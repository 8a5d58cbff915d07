import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { ActiveFault, Fault, Misbehaviour } from './fault.ts'
import { parseBody, type StandInAnswer, type StandInHandler, type StandInRequest } from './request.ts'
import { matchRoute } from './route.ts'

/** How a stand-in is started. */
export interface StandInOptions {
  /** By `METHOD /path` (see `matchRoute`); the first that matches takes the request. */
  readonly routes: Readonly<Record<string, StandInHandler>>
  /** Answers what no route takes; a 404 that names the request when left out. */
  readonly otherwise?: StandInHandler
  /** 0, the default, takes any free port. */
  readonly port?: number
}

/** A running stand-in for a vendor's HTTP API: records what it is asked and misbehaves when told to. */
export interface StandIn extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string
  /** Every request so far, in order of arrival. */
  readonly requests: readonly StandInRequest[]
  /** The requests so far that a pattern such as `POST /api/*` matches. */
  requestsTo(route: string): readonly StandInRequest[]
  /** Makes trouble from now on. Of several faults for one request the one set last strikes. */
  misbehave(misbehaviour: Misbehaviour): ActiveFault
  /** Ends every fault. */
  behave(): void
  /** Resolves once `condition` holds, looking again whenever a request arrives or ends; rejects after `withinMs`. */
  until(condition: () => boolean, withinMs?: number): Promise<void>
  /** Closes every socket. Harmless when called twice. */
  close(): Promise<void>
}

type Recorded = { -readonly [Key in keyof StandInRequest]: StandInRequest[Key] }
type Standing = Misbehaviour & { struck: number; cleared: boolean }

/** Starts a stand-in on 127.0.0.1. */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const standIn = new HttpStandIn(options)
  await standIn.listen(options.port ?? 0)
  return standIn
}

class HttpStandIn implements StandIn {
  readonly requests: Recorded[] = []
  url = ''
  readonly #options: StandInOptions
  readonly #server: Server
  readonly #watchers = new Set<() => void>()
  #faults: Standing[] = []
  #closing: Promise<void> | undefined

  constructor(options: StandInOptions) {
    this.#options = options
    this.#server = createServer((incoming, outgoing) => {
      this.#serve(incoming, outgoing).catch(() => incoming.socket.destroy())
    })
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('The stand-in has no TCP address.')
    this.url = `http://127.0.0.1:${address.port}`
  }

  requestsTo(route: string): readonly StandInRequest[] {
    return this.requests.filter((request) => matchRoute(route, request.method, request.path))
  }

  misbehave(misbehaviour: Misbehaviour): ActiveFault {
    const standing = { ...misbehaviour, struck: 0, cleared: false }
    this.#faults.unshift(standing)
    return {
      get struck() {
        return standing.struck
      },
      clear() {
        standing.cleared = true
      },
    }
  }

  behave(): void {
    for (const fault of this.#faults) fault.cleared = true
    this.#faults = []
  }

  async until(condition: () => boolean, withinMs = 5_000): Promise<void> {
    if (condition()) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const look = () => {
      if (condition()) resolve()
    }
    const timer = setTimeout(() => {
      const seen = this.requests.map((request) => `${request.method} ${request.path} ${request.status ?? '-'}`)
      reject(new Error(`The stand-in waited ${withinMs} ms in vain. It saw: ${seen.join(', ') || 'nothing'}`))
    }, withinMs)
    this.#watchers.add(look)
    try {
      await promise
    } finally {
      clearTimeout(timer)
      this.#watchers.delete(look)
    }
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const recorded = await this.#record(incoming)
    let lost = false
    outgoing.on('close', () => {
      recorded.aborted = !lost && !outgoing.writableFinished && this.#closing === undefined
      this.#changed()
    })
    this.#changed()
    const fault = this.#strike(recorded)
    const answer = await this.#answer(recorded, fault)
    if (answer === 'never') return
    if (answer === 'lost') {
      lost = true
      incoming.socket.destroy()
      return
    }
    if (outgoing.destroyed) return
    recorded.status = answer.status
    send(outgoing, answer)
  }

  async #record(incoming: IncomingMessage): Promise<Recorded> {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    const url = new URL(incoming.url ?? '/', this.url)
    const method = incoming.method ?? 'GET'
    const route = Object.keys(this.#options.routes).find((pattern) => matchRoute(pattern, method, url.pathname))
    const recorded: Recorded = {
      method,
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      parameters: (route === undefined ? undefined : matchRoute(route, method, url.pathname)) ?? {},
      body: parseBody(bytes, incoming.headers['content-type']),
      bytes,
      route,
      status: undefined,
      aborted: false,
    }
    this.requests.push(recorded)
    return recorded
  }

  #strike(request: StandInRequest): Fault | undefined {
    const standing = this.#faults.find(
      (fault) =>
        !fault.cleared &&
        fault.struck < (fault.times ?? Number.POSITIVE_INFINITY) &&
        matchRoute(fault.route, request.method, request.path) !== undefined &&
        (fault.when?.(request) ?? true),
    )
    if (standing) standing.struck += 1
    return standing?.fault
  }

  async #answer(request: StandInRequest, fault: Fault | undefined): Promise<StandInAnswer | 'lost' | 'never'> {
    switch (fault?.kind) {
      case 'status':
        return fault
      case 'hang':
        return 'never'
      case 'hang-after':
        await this.#apply(request)
        return 'never'
      case 'lose-before':
        return 'lost'
      case 'lose-after':
        await this.#apply(request)
        return 'lost'
      case 'delay':
        await fault.until
        return this.#apply(request)
      case 'answer':
        return fault.answer(await this.#apply(request), request)
      case undefined:
        return this.#apply(request)
    }
  }

  async #apply(request: StandInRequest): Promise<StandInAnswer> {
    const handler = request.route === undefined ? this.#options.otherwise : this.#options.routes[request.route]
    try {
      return (
        (await handler?.(request)) ?? { status: 404, body: { error: `no route ${request.method} ${request.path}` } }
      )
    } catch (error) {
      return { status: 500, body: { error: `the stand-in itself failed: ${error}` } }
    }
  }

  #changed(): void {
    for (const look of [...this.#watchers]) look()
  }
}

function send(outgoing: ServerResponse, answer: StandInAnswer): void {
  const { status, body, headers } = answer
  if (body === undefined) {
    outgoing.writeHead(status, { ...headers }).end()
    return
  }
  if (body instanceof Uint8Array) {
    outgoing.writeHead(status, { 'content-type': 'application/octet-stream', ...headers }).end(body)
    return
  }
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
  outgoing.writeHead(status, { 'content-type': type, ...headers })
  outgoing.end(typeof body === 'string' ? body : JSON.stringify(body))
}

import type { Json, JsonObject } from 'flowgate/plugin'
import {
  type StandIn,
  type StandInAnswer,
  type StandInHandler,
  type StandInRequest,
  startStandIn,
} from 'flowgate/plugin/testing'

/** The one key that the API takes besides the tokens it gives out. */
export const apiKey = 'list-key-4711'

/** Who may get tokens. */
export const client = { client_id: 'flowgate', client_secret: 'list-secret-0815', refresh_token: 'list-refresh-0' }

/** One thing that the API keeps: a member (one of each e-mail address), a note or a message (as many as come). */
export interface Kept {
  readonly id: string
  readonly fields: JsonObject
  /** The header that it came with. */
  readonly key: string | undefined
}

/** A list tool as there are many: members, notes, messages, tokens. It remembers, and refuses what it does not know. */
export interface ListApi extends AsyncDisposable {
  readonly standIn: StandIn
  /** Where the API is. */
  readonly url: string
  readonly members: readonly Kept[]
  readonly notes: readonly Kept[]
  readonly messages: readonly Kept[]
  /** How each token was asked for. */
  readonly grants: readonly JsonObject[]
  /** From now on no token given out so far is good. */
  revokeTokens(): void
}

interface State {
  readonly members: Kept[]
  readonly notes: Kept[]
  readonly messages: Kept[]
  readonly grants: JsonObject[]
  readonly tokens: Set<string>
  readonly answered: Map<string, StandInAnswer>
  refresh: string
}

/** Starts one. `keys`: it knows a repeated `Idempotency-Key` again, as it says in its documentation. */
export async function startListApi({ keys }: { readonly keys: boolean }): Promise<ListApi> {
  const state: State = {
    members: [],
    notes: [],
    messages: [],
    grants: [],
    tokens: new Set([apiKey]),
    answered: new Map(),
    refresh: client.refresh_token,
  }
  const standIn = await startStandIn({ routes: routesOver(state, keys) })
  return {
    standIn,
    url: `${standIn.url}/v1`,
    ...state,
    revokeTokens: () => state.tokens.clear(),
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}

function routesOver(state: State, keys: boolean): Readonly<Record<string, StandInHandler>> {
  const known = (handler: StandInHandler): StandInHandler => {
    return (request) => {
      const token = /^Bearer (.+)$/u.exec(request.headers.authorization ?? '')?.[1]
      return token !== undefined && state.tokens.has(token) ? handler(request) : failed(401, 'unauthorized')
    }
  }
  const once = (handler: StandInHandler): StandInHandler => {
    return async (request) => {
      const key = keyOf(request)
      const before = keys && key !== undefined ? state.answered.get(key) : undefined
      if (before !== undefined) return before
      const answer = await handler(request)
      if (key !== undefined && answer.status < 300) state.answered.set(key, answer)
      return answer
    }
  }
  const keep = (things: 'notes' | 'messages') => known(once((request) => added(state[things], things, request)))
  return {
    'POST /oauth/token': (request) => grant(state, request),
    'GET /v1/me': known(() => ({ status: 200, body: { name: 'Acme' } })),
    'POST /v1/notes': keep('notes'),
    'POST /v1/messages': keep('messages'),
    'GET /v1/notes': known(({ query }) => ({
      status: 200,
      body: { data: state.notes.filter(having('ref', query)).map(shown) },
    })),
    'GET /v1/messages': known(({ query }) => ({
      status: 200,
      body: { data: state.messages.filter(having('ref', query)).map(shown) },
    })),
    // A search as search boxes have it: whatever holds the words.
    'GET /v1/members': known(({ query }) => {
      const words = (query.get('search') ?? '').toLowerCase()
      const found = state.members.filter(({ fields }) => JSON.stringify(fields).toLowerCase().includes(words))
      return { status: 200, body: { data: found.map(shown) } }
    }),
    'POST /v1/members': known(
      once((request) => {
        const taken = state.members.find(({ fields }) => fields['email'] === fieldsOf(request)['email'])
        if (taken !== undefined)
          return { status: 409, body: { error: { code: 'email_taken' }, data: { id: taken.id } } }
        return added(state.members, 'members', request)
      }),
    ),
    'PUT /v1/members/:email': known((request) => {
      const at = state.members.findIndex(({ fields }) => fields['email'] === request.parameters['email'])
      return at < 0 ? added(state.members, 'members', request) : changed(state.members, at, request)
    }),
    'GET /v1/members/:id': known(({ parameters }) => {
      const one = state.members.find(({ id }) => id === parameters['id'])
      return one === undefined ? failed(404, 'not_found') : { status: 200, body: { data: shown(one) } }
    }),
    'PATCH /v1/members/:id': known((request) => {
      const at = state.members.findIndex(({ id }) => id === request.parameters['id'])
      return at < 0 ? failed(404, 'not_found') : changed(state.members, at, request)
    }),
    '* /v1/echo/*': known(({ method, path, query, headers, bytes }) => ({
      status: 200,
      body: { id: 'e1', method, path, query: [...query], headers, body: bytes.toString() },
    })),
  }
}

function added(list: Kept[], things: string, request: StandInRequest): StandInAnswer {
  const fields = fieldsOf(request)
  const wrong = Object.values(fields).find((value) => String(value).startsWith('refuse'))
  // It quotes what it was sent, as many do.
  if (wrong !== undefined) return { status: 422, body: { error: { code: 'value_refused', message: `no ${wrong}` } } }
  const one = { id: `${things}-${list.length + 1}`, fields, key: keyOf(request) }
  list.push(one)
  return { status: 201, body: { success: true, data: shown(one) } }
}

function changed(list: Kept[], at: number, request: StandInRequest): StandInAnswer {
  const before = list[at]
  if (before === undefined) return failed(404, 'not_found')
  const after = { ...before, fields: { ...before.fields, ...fieldsOf(request) } }
  list[at] = after
  return { status: 200, body: { success: true, data: shown(after) } }
}

function grant(state: State, { body }: StandInRequest): StandInAnswer {
  const form = body as JsonObject
  state.grants.push(form)
  const isClient = form['client_id'] === client.client_id && form['client_secret'] === client.client_secret
  const isFresh = form['grant_type'] === 'client_credentials' || form['refresh_token'] === state.refresh
  if (!isClient || !isFresh) return { status: 400, body: { error: isClient ? 'invalid_grant' : 'invalid_client' } }
  const access_token = `list-token-${state.grants.length}`
  state.tokens.add(access_token)
  if (form['grant_type'] === 'client_credentials') return { status: 200, body: { access_token, expires_in: 3600 } }
  // Each refresh token is good once.
  state.refresh = `list-refresh-${state.grants.length}`
  return { status: 200, body: { access_token, refresh_token: state.refresh } }
}

function shown({ id, fields }: Kept): JsonObject {
  const owner: Json = { id: 'o1', email: 'owner@acme.example', name: 'Olga Owner' }
  return { ...fields, id, url: `https://lists.example.com/people/${id}`, owner }
}

function having(name: string, query: URLSearchParams): (kept: Kept) => boolean {
  return ({ fields }) => query.get(name) !== null && fields[name] === query.get(name)
}

function fieldsOf({ body }: StandInRequest): JsonObject {
  return typeof body === 'object' && body !== null ? (body as JsonObject) : {}
}

function keyOf({ headers }: StandInRequest): string | undefined {
  const key = headers['idempotency-key']
  return typeof key === 'string' ? key : undefined
}

function failed(status: number, code: string): StandInAnswer {
  return { status, body: { error: { code } } }
}

import {
  type StandIn,
  type StandInAnswer,
  type StandInHandler,
  type StandInRequest,
  startStandIn,
} from 'flowgate/plugin/testing'
import { Refused, sessionOver } from './salesforce-answers.ts'
import {
  create,
  describe,
  nextPage,
  readByField,
  readById,
  runQuery,
  updateById,
  upsert,
} from './salesforce-objects.ts'
import { SalesforceOrg } from './salesforce-org.ts'
import { type KnownClient, refusalOfSignIn } from './salesforce-sign-in.ts'

/** How a Salesforce stand-in is started. */
export interface SalesforceStandInOptions extends KnownClient {
  /** Whether every object has the unique external id `Flowgate_Submission__c`; true when left out. */
  readonly prepared?: boolean
  /** What token replies name as the API's address; the stand-in's own when left out. */
  readonly instanceUrl?: string
  readonly port?: number
}

/** One Salesforce org behind HTTP: it checks what Salesforce checks and keeps what Salesforce keeps. */
export interface SalesforceStandIn extends StandIn {
  readonly org: SalesforceOrg
  /** Ends every session: the tokens given so far are over. */
  endSessions(): void
  /** From now on every session is over at once, however new. */
  refuseSessions(): void
  /** Token replies name this as the API's address from now on. */
  moveTo(instanceUrl: string): void
  /** What `Sforce-Limit-Info` says of the calls used, out of 15,000. */
  setUsage(used: number): void
  /** The tokens given so far. */
  tokens(): readonly string[]
}

export const SIGN_IN = 'POST /services/oauth2/token'
export const CREATE = 'POST /services/data/:version/sobjects/:object'
export const UPDATE = 'PATCH /services/data/:version/sobjects/:object/:id'
export const UPSERT = 'PATCH /services/data/:version/sobjects/:object/:field/:value'
export const QUERY = 'GET /services/data/:version/query'
export const DESCRIBE = 'GET /services/data/:version/sobjects/:object/describe'
export const LIMITS = 'GET /services/data/:version/limits'

/** Patterns of the routes that change records. */
export const SALESFORCE_WRITES = [CREATE, UPDATE, UPSERT] as const

/** Starts an org without records on 127.0.0.1. */
export async function startSalesforceStandIn(options: SalesforceStandInOptions): Promise<SalesforceStandIn> {
  const org = new SalesforceOrg(options.prepared ?? true)
  const tokens: string[] = []
  let live = new Set<string>()
  let shut = false
  let used = 18
  let instanceUrl = options.instanceUrl
  const guarded = (handle: (org: SalesforceOrg, request: StandInRequest) => StandInAnswer): StandInHandler => {
    return (request) => {
      const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
      if (!live.has(token)) return sessionOver()
      const answer = answered(() => handle(org, request))
      return { ...answer, headers: { 'sforce-limit-info': `api-usage=${used}/15000`, ...answer.headers } }
    }
  }
  const signIn = (request: StandInRequest): StandInAnswer => {
    const refusal = refusalOfSignIn(options, request, standIn.url)
    if (refusal !== undefined) return refusal
    const token = `${org.id}!session-${tokens.length + 1}`
    tokens.push(token)
    if (!shut) live.add(token)
    const id = `${standIn.url}/id/${org.id}/${org.user}`
    const instance = instanceUrl ?? standIn.url
    const body = { access_token: token, instance_url: instance, id, token_type: 'Bearer', scope: 'api', signature: 'x' }
    return { status: 200, body }
  }
  const standIn: StandIn = await startStandIn({
    routes: {
      [SIGN_IN]: signIn,
      [LIMITS]: guarded(() => ({ status: 200, body: { DailyApiRequests: { Max: 15_000, Remaining: 15_000 - used } } })),
      [QUERY]: guarded(runQuery),
      [`${QUERY}/:locator`]: guarded(nextPage),
      [DESCRIBE]: guarded(describe),
      [CREATE]: guarded(create),
      'GET /services/data/:version/sobjects/:object/:id': guarded(readById),
      [UPDATE]: guarded(updateById),
      'GET /services/data/:version/sobjects/:object/:field/:value': guarded(readByField),
      [UPSERT]: guarded(upsert),
    },
    ...(options.port === undefined ? {} : { port: options.port }),
  })
  return Object.assign(standIn, {
    org,
    tokens: () => [...tokens],
    endSessions() {
      live = new Set()
    },
    refuseSessions() {
      live = new Set()
      shut = true
    },
    moveTo(url: string) {
      instanceUrl = url
    },
    setUsage(calls: number) {
      used = calls
    },
  })
}

function answered(handle: () => StandInAnswer): StandInAnswer {
  try {
    return handle()
  } catch (error) {
    if (error instanceof Refused) return error.answer
    throw error
  }
}

import type { Pool } from 'pg'
import { beginSession, findRun, renew } from '../flow/begin-session.ts'
import { exchange, type Step, stayWith } from '../flow/exchange.ts'
import type { Flow } from '../flow/model.ts'
import { type FlowRequest, readRequest } from '../flow/request.ts'
import { type ScreenAnswer, type Session, SUCCESS } from '../flow/session.ts'
import { newId } from '../id.ts'
import type { Mapping } from '../map/model.ts'
import type { JsonObject } from '../plugin/json.ts'
import { Group, togetherElseAlone } from '../store/group.ts'
import { type Loaded, loadSessions, type SessionKey, type SessionWrite, saveSessions } from '../store/sessions.ts'
import type { Acceptance } from '../submit/accept.ts'
import type { FinishedForm } from '../submit/prepare.ts'
import type { DataFault } from '../whatsapp/flow-json.ts'
import { claimsToBeMinted, isSignedBy } from './minted-token.ts'
import type { AnswerExchange, ExchangeReply, ExchangeRequest } from './ports.ts'

/** What happened in an exchange, for logs, metrics and alerts. No answers of people, no tokens. */
export interface ExchangeEvents {
  submitted(event: { flow: string; requestId: string; submissionId: string; repeat: boolean }): void
  refused(event: { flow: string; requestId: string; screen: string; fields: readonly string[] }): void
  /** A form was not accepted: required answers of earlier screens are missing. */
  incomplete(event: { flow: string; requestId: string; screen: string; fields: readonly string[] }): void
  /** An answer broke the Flow JSON and a fallback went out instead. */
  rejected(event: { flow: string; requestId: string; screen: string; faults: readonly DataFault[] }): void
  /** An answer went out that an operator should look at: a list cut, a size that is suspect. */
  remarked(event: { flow: string; requestId: string; screen: string; remarks: readonly string[] }): void
  expired(event: { flow: string; requestId: string }): void
  /** Something of ours broke, most likely the database; the person was asked to try again. */
  failed(event: { flow: string; requestId: string; error: unknown }): void
}

export interface AnswerExchangeOptions {
  readonly pool: Pool
  readonly flows: () => ReadonlyMap<string, { readonly flow: Flow; readonly mapping: Mapping | undefined }>
  readonly accept: (finished: FinishedForm) => Promise<Acceptance>
  readonly events: ExchangeEvents
  /** FLOWGATE_SECRET; without it no token of ours is valid. */
  readonly secret: string | undefined
}

/** Meta gives up after 10 s and counts against the flow's standing long before; an apology in time is the better answer. */
const ANSWER_WITHIN_MS = 4_000

/** How often an exchange is computed anew because another request moved the session. Each round one of them wins. */
const ROUNDS = 64

/**
 * Answers one exchange: reads the session (one round trip), decides, stores what moved (one more, or the submission's
 * transaction). Of concurrent requests in one session one moves it and the others are decided anew on what it left.
 */
export function createAnswerExchange(options: AnswerExchangeOptions): AnswerExchange {
  const { pool, events } = options
  const loads = new Group<SessionKey, Loaded>({ atMost: 64, run: (keys) => loadSessions(pool, keys) })
  const saves = new Group<SessionWrite, PromiseSettledResult<boolean>>({
    atMost: 64,
    run: (writes) => togetherElseAlone(writes, (some) => saveSessions(pool, some)),
  })

  return async (incoming) => {
    const configured = options.flows().get(incoming.flow)
    if (configured === undefined) throw new Error('the flow was configured when the request came, and is not any more')
    const request = readRequest(incoming.payload)
    try {
      return await inTime(answer(configured.flow, configured.mapping, request, incoming))
    } catch (error) {
      // The person's answers are still on their phone: they stay on the screen and can press again.
      events.failed({ flow: incoming.flow, requestId: incoming.requestId, error })
      const session = beginSession(configured.flow, undefined, '', incoming.requestId, incoming.receivedAt)
      return sealed(request, await stayWith(configured.flow, session, request, configured.flow.messages.sorry))
    }
  }

  async function answer(
    flow: Flow,
    mapping: Mapping | undefined,
    request: FlowRequest,
    incoming: ExchangeRequest,
  ): Promise<ExchangeReply> {
    if (request.token === undefined) return answerWithoutToken(flow, mapping, request, incoming)
    if (
      claimsToBeMinted(request.token) &&
      !(options.secret !== undefined && isSignedBy(request.token, options.secret))
    ) {
      return expired(flow, incoming)
    }
    return answerWithToken(flow, mapping, request, request.token, incoming)
  }

  async function answerWithToken(
    flow: Flow,
    mapping: Mapping | undefined,
    request: FlowRequest,
    token: string,
    incoming: ExchangeRequest,
  ): Promise<ExchangeReply> {
    const now = incoming.receivedAt
    for (let round = 0; round < ROUNDS; round += 1) {
      const known = await loads.join({ flow: flow.name, token })
      const run = findRun(flow, known, request, token, newId('ses', now), now)
      // A token of ours that is not known any more was cleared away long after its end.
      const forgotten = known.binding === undefined && claimsToBeMinted(token)
      if (run.kind === 'expired' || forgotten) return expired(flow, incoming)
      if (incoming.limited) return limited(flow, run.session, request)
      const step = await exchange(flow, run.session, request)
      const answer = await settle(step, {
        flow,
        mapping,
        session: renew(flow, now, step.session),
        expectedRevision: run.revision,
        stored: true,
        answer: step.answer,
        requestId: incoming.requestId,
        now,
      })
      if (answer === undefined) continue
      tell(flow, incoming, step)
      return sealed(request, answer)
    }
    throw new Error('the session kept moving; no round of this exchange could win')
  }

  /** Nobody to tell apart: the form is this request's data, and nothing is kept of it but a submission. */
  async function answerWithoutToken(
    flow: Flow,
    mapping: Mapping | undefined,
    request: FlowRequest,
    incoming: ExchangeRequest,
  ): Promise<ExchangeReply> {
    const now = incoming.receivedAt
    if (flow.tokens === 'minted') return expired(flow, incoming)
    const session = beginSession(flow, undefined, '', newId('ses', now), now)
    if (incoming.limited) return limited(flow, session, request)
    const entry = request.action === 'BACK' ? { ...request, action: 'INIT' as const } : request
    const step = await exchange(flow, session, entry)
    const finished = { flow, mapping, session: step.session, expectedRevision: 0, stored: false, answer: step.answer }
    const answer =
      step.kind === 'submit' ? await submit({ ...finished, requestId: incoming.requestId, now }) : undefined
    tell(flow, incoming, step)
    return sealed(request, answer ?? step.answer)
  }

  /** Stores what a step moved. `undefined` where another request was first and the exchange must be decided anew. */
  async function settle(step: Step, finished: FinishedForm): Promise<ScreenAnswer | undefined> {
    if (step.kind === 'stay') return step.answer
    if (step.kind === 'submit') return submit(finished)
    const { session, expectedRevision } = finished
    const saved = await saves.join({ session, expectedRevision })
    if (saved.status === 'rejected') throw saved.reason
    return saved.value ? step.answer : undefined
  }

  /** The answer to a finished form, or `undefined` where the exchange must be decided anew. */
  async function submit(finished: FinishedForm): Promise<ScreenAnswer | undefined> {
    const acceptance = await options.accept(finished)
    if (acceptance.kind === 'stale') return undefined
    const { requestId, flow } = finished
    const repeat = acceptance.kind === 'repeat'
    events.submitted({ flow: flow.name, requestId, submissionId: acceptance.submissionId, repeat })
    return acceptance.kind === 'repeat' ? acceptance.answer : finished.answer
  }

  function tell(flow: Flow, { requestId }: ExchangeRequest, step: Step): void {
    if (step.rejected !== undefined) events.rejected({ flow: flow.name, requestId, ...step.rejected })
    if (step.incomplete !== undefined) {
      events.incomplete({ flow: flow.name, requestId, screen: step.answer.screen, fields: step.incomplete })
    }
    if (step.remarks !== undefined) {
      events.remarked({ flow: flow.name, requestId, screen: step.answer.screen, remarks: step.remarks })
    }
    if (step.refused !== undefined) {
      events.refused({ flow: flow.name, requestId, screen: step.answer.screen, fields: step.refused })
    }
  }

  function expired(flow: Flow, { requestId }: ExchangeRequest): ExchangeReply {
    events.expired({ flow: flow.name, requestId })
    return { status: 427, plaintext: { error_msg: flow.messages.expired }, sealed: flow.expiredBody === 'sealed' }
  }
}

/** The answer, or a rejection once it is late. What was begun goes on: pressing again finds what it came to. */
async function inTime(answer: Promise<ExchangeReply>): Promise<ExchangeReply> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)), ANSWER_WITHIN_MS)
  try {
    return await Promise.race([answer, promise])
  } finally {
    clearTimeout(timer)
  }
}

async function limited(flow: Flow, session: Session, request: FlowRequest): Promise<ExchangeReply> {
  return sealed(request, await stayWith(flow, session, request, flow.messages.busy))
}

/** The answer as it goes out: `version` echoed, and in a final answer always this request's own token. */
function sealed(request: FlowRequest, { screen, data }: ScreenAnswer): ExchangeReply {
  const own = screen === SUCCESS ? withToken(data, request.flowToken) : data
  const version = request.version === undefined ? {} : { version: request.version }
  return { status: 200, plaintext: { ...version, screen, data: own }, sealed: true }
}

function withToken(data: JsonObject, flowToken: string): JsonObject {
  const response = data['extension_message_response'] as { readonly params: JsonObject } | undefined
  return { ...data, extension_message_response: { params: { ...response?.params, flow_token: flowToken } } }
}

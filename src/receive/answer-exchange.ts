import type { Pool } from 'pg'
import type { Asking, Reservation } from '../flow/asking.ts'
import { beginSession, findRun, type Known, type Run } from '../flow/begin-session.ts'
import { exchange } from '../flow/exchange.ts'
import type { World } from '../flow/inquiry.ts'
import type { Flow } from '../flow/model.ts'
import { type PickedVersion, pickVersion } from '../flow/pick-version.ts'
import { type FlowRequest, readRequest } from '../flow/request.ts'
import type { Session } from '../flow/session.ts'
import { sayAlone, stayInSilence } from '../flow/stay-with.ts'
import { newId } from '../id.ts'
import type { Mapping } from '../map/model.ts'
import { Group } from '../store/group.ts'
import { type Loaded, loadSessions, type SessionKey } from '../store/sessions.ts'
import type { Acceptance } from '../submit/accept.ts'
import type { FinishedForm } from '../submit/prepare.ts'
import type { ExchangeEvents } from './exchange-events.ts'
import { inTime, sealed } from './exchange-reply.ts'
import { claimsToBeMinted, isSignedBy } from './minted-token.ts'
import type { AnswerExchange, ExchangeReply, ExchangeRequest } from './ports.ts'
import { runId } from './run-id.ts'
import { createSettle } from './settle.ts'
import { tellResumed, tellStep } from './tell-step.ts'

/** One version of a flow as exchanges need it. */
export interface FlowInUse {
  readonly flow: Flow
  readonly mapping: Mapping | undefined
}

export interface AnswerExchangeOptions {
  readonly pool: Pool
  /** Flows by name: the newest version of each, with all that are alive. */
  readonly flows: () => ReadonlyMap<string, FlowInUse & { readonly versions: ReadonlyMap<string, FlowInUse> }>
  readonly accept: (finished: FinishedForm) => Promise<Acceptance>
  /** How one exchange asks sources, within a budget that begins now. */
  readonly asking: () => Asking
  /** Gives back at its source what a run no longer holds. Never rejects. */
  readonly giveBack: (reservation: Reservation) => Promise<unknown>
  readonly events: ExchangeEvents
  /** FLOWGATE_SECRET; without it no token of ours is valid. */
  readonly secret: string | undefined
}

/** How often an exchange is computed anew because another request moved the session. Each round one of them wins. */
const ROUNDS = 64

/** One request with everything that is known of its flow. */
interface Asked {
  readonly incoming: ExchangeRequest
  readonly request: FlowRequest
  readonly newest: FlowInUse
  readonly all: ReadonlyMap<string, FlowInUse>
  readonly now: Date
}

type Open = Extract<Run, { kind: 'open' }>
type Live = Exclude<PickedVersion<FlowInUse>, { kind: 'unknown' }>

/**
 * Answers one exchange: reads the session (one round trip), decides, stores what moved (one more, or the submission's
 * transaction). Of concurrent requests in one session one moves it and the others are decided anew on what it left.
 */
export function createAnswerExchange(options: AnswerExchangeOptions): AnswerExchange {
  const { pool, events } = options
  const loads = new Group<SessionKey, Loaded>({ atMost: 64, run: (keys) => loadSessions(pool, keys) })
  const settle = createSettle(options)

  return async (incoming) => {
    const configured = options.flows().get(incoming.flow)
    if (configured === undefined) throw new Error('the flow was configured when the request came, and is not any more')
    const request = readRequest(incoming.payload)
    const asked = { incoming, request, newest: configured, all: configured.versions, now: incoming.receivedAt }
    try {
      return await inTime(answer(asked))
    } catch (error) {
      // The person's answers are still on their phone: they stay on the screen and can press again.
      events.failed({ flow: incoming.flow, requestId: incoming.requestId, error })
      return apology(asked)
    }
  }

  function answer(asked: Asked): Promise<ExchangeReply> {
    const { token } = asked.request
    if (token === undefined) return answerWithoutToken(asked)
    const { secret } = options
    if (claimsToBeMinted(token) && !(secret !== undefined && isSignedBy(token, secret))) return expired(asked)
    return answerWithToken(asked, token)
  }

  async function answerWithToken(asked: Asked, token: string): Promise<ExchangeReply> {
    const { request, newest, now } = asked
    const { name: flow, resume } = newest.flow
    for (let round = 0; round < ROUNDS; round += 1) {
      const known = await loads.join({ flow, token, ...(resume.person ? { resumePerson: true } : {}) })
      const picked = pickVersion({ newest, all: asked.all }, known, request, now)
      if (picked.kind === 'unknown') return unknownVersion(asked, picked.name)
      const id = runId(flow, token, known.session?.revision ?? 0, now)
      const run = findRun(picked.version.flow, known, request, token, id, now)
      // A token of ours that is not known any more was cleared away long after its end.
      const forgotten = known.binding === undefined && claimsToBeMinted(token)
      if (run.kind === 'expired' || forgotten) return expired(asked, picked.version, known)
      const reply = await answerRun(asked, picked, run, round > 0)
      if (reply !== undefined) return reply
    }
    throw new Error('the session kept moving; no round of this exchange could win')
  }

  /** Nobody to tell apart: the form is this request's data, and nothing is kept of it but a submission. */
  async function answerWithoutToken(asked: Asked): Promise<ExchangeReply> {
    const { newest, now, request } = asked
    const nobody: Known = { session: undefined, binding: undefined }
    const picked = pickVersion({ newest, all: asked.all }, nobody, request, now)
    if (picked.kind === 'unknown') return unknownVersion(asked, picked.name)
    const { flow } = picked.version
    if (flow.tokens === 'minted') return expired(asked)
    const session = beginSession(flow, undefined, '', newId('ses', now), now)
    const reply = await answerRun(asked, picked, { kind: 'open', session, revision: 0 }, false)
    return reply ?? apology(asked)
  }

  /** One run's answer; `undefined` where another request was first and the exchange must be decided anew. */
  async function answerRun(
    asked: Asked,
    picked: Live,
    { session: found, revision, goesOn, takesOver }: Open,
    raced: boolean,
  ): Promise<ExchangeReply | undefined> {
    const { incoming, request, now } = asked
    const { version: inUse } = picked
    const session = picked.kind === 'decided' ? { ...found, version: found.version ?? inUse.flow.version } : found
    const stay = () => stayInSilence(inUse.flow, session, request, now, inUse.flow.messages.busy)
    if (incoming.limited) return sealed(request, await stay())
    const world: World = {
      asking: options.asking(),
      now,
      raced,
      alsoValidIn: picked.kind === 'undecided' ? picked.others.map(({ flow }) => flow) : [],
    }
    const step = await exchange(inUse.flow, session, request, world)
    const answer = await settle(step, {
      ...inUse,
      expectedRevision: revision,
      stored: session.token !== '',
      requestId: incoming.requestId,
      now,
      ...(takesOver === undefined ? {} : { takesOver }),
    })
    if (answer === undefined) return undefined
    tellStep(events, incoming, step)
    // Until something of it is stored a pause goes on.
    if (step.kind !== 'stay') tellResumed(events, incoming, goesOn)
    return sealed(request, answer)
  }

  /** A 427, and for a form somebody would like to open again what its mapping asks for. */
  async function expired(asked: Asked, { flow, mapping } = asked.newest, known?: Known): Promise<ExchangeReply> {
    const { incoming, request, now } = asked
    events.expired({ flow: flow.name, requestId: incoming.requestId })
    const { token } = request
    const begun = beginSession(flow, known?.binding, token ?? '', newId('ses', now), now)
    const session = known?.session ?? begun
    await tellOpened({ flow, mapping }, session, known, incoming)
    const plaintext = { error_msg: await sayAlone(flow, session, request, now, flow.messages.expired) }
    return { status: 427, plaintext, sealed: flow.expiredBody === 'sealed' }
  }

  /** Somebody would have liked to go on: what the mapping asks for then, once for each token. */
  async function tellOpened(inUse: FlowInUse, session: Session, known: Known | undefined, incoming: ExchangeRequest) {
    // Of a token that is not ours nobody knows whose it was, and who finished the form needs no other.
    const missed =
      known?.session === undefined ? known?.binding !== undefined : known.session.submissionId === undefined
    if (!missed || inUse.mapping?.occasions.has('expired') !== true) return
    const { requestId, receivedAt: now } = incoming
    const opened = {
      ...inUse,
      session,
      expectedRevision: 0,
      stored: false,
      answer: { screen: '', data: {} },
      now,
    } as const
    try {
      await options.accept({ ...opened, occasion: 'expired', requestId })
    } catch (error) {
      events.failed({ flow: inUse.flow.name, requestId, error })
    }
  }

  /** Nothing is known of how that version's screens look, so the least is shown and nothing moves. */
  function unknownVersion(asked: Asked, version: string): Promise<ExchangeReply> {
    const { flow, requestId } = asked.incoming
    events.unknownVersion({ flow, requestId, version })
    return apology(asked)
  }

  async function apology({ request, newest: { flow }, incoming, now }: Asked): Promise<ExchangeReply> {
    const session: Session = beginSession(flow, undefined, '', incoming.requestId, now)
    return sealed(request, await stayInSilence(flow, session, request, now, flow.messages.sorry))
  }
}

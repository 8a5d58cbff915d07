import type { Flow } from '../flow/model.ts'
import { type ScreenAnswer, type Session, sessionScope } from '../flow/session.ts'
import { newId } from '../id.ts'
import { dedupeKey, expiredKey, handOverKey } from '../map/dedupe.ts'
import { type Identity, identityOf, personKey } from '../map/identity.ts'
import type { Mapping, Occasion } from '../map/model.ts'
import { plan } from '../map/plan.ts'
import type { NewHandOver } from '../store/hand-overs.ts'
import type { SessionWrite } from '../store/sessions.ts'
import type { MarkWrite, NewDelivery, Submission } from '../store/submissions.ts'

/** A form that asks to be accepted: finished, handed over to people, or opened after its end. */
export interface FinishedForm {
  /** What it came of. Default `submitted`. */
  readonly occasion?: Occasion
  readonly flow: Flow
  readonly mapping: Mapping | undefined
  /**
   * The session after the last exchange; stored only where the person has a token. Of a form opened after its end: what
   * is still known of the run, or a new one of its token, which must not be empty. It is never stored.
   */
  readonly session: Session
  readonly expectedRevision: number
  /** The unfinished run whose answers the session goes on with, where this very request began that. */
  readonly takesOver?: SessionWrite['takesOver']
  readonly stored: boolean
  readonly answer: ScreenAnswer
  readonly requestId: string
  readonly now: Date
}

/** Everything that accepting one form writes. */
export interface PreparedSubmission {
  readonly submission: Submission
  /** Absent where the person has no token, and for a form opened after its end. */
  readonly write: SessionWrite | undefined
  /** Absent where nothing is ever a repeat: a hand-over, nobody to tell apart, or `on_repeat: new`. */
  readonly mark: MarkWrite | undefined
  readonly handOver: NewHandOver | undefined
  readonly deliveries: readonly NewDelivery[]
}

const NO_DEDUPE = { windowSeconds: 300, ignore: new Set<string>(), onRepeat: 'drop' } as const

/** How long an opening of one form after its end stands for all others of that form. */
const EXPIRED_WINDOW_SECONDS = 30 * 24 * 3600

/** No screen: whoever opens a form after its end is told so by other means. */
const NO_ANSWER: ScreenAnswer = { screen: '', data: {} }

/** Works out what accepting a form will write: its ids, its key, the deliveries its mapping asks for. */
export function prepareSubmission(finished: FinishedForm): PreparedSubmission {
  const { flow, mapping, session, now, occasion = 'submitted' } = finished
  const stored = finished.stored && occasion !== 'expired'
  const id = newId('sub', now)
  const identity =
    mapping === undefined ? undefined : identityOf(mapping, { person: session.person, form: session.form })
  const { key, possibleRepeat, windowSeconds } = keyOf(finished, id, identity)
  const submission: Submission = {
    id,
    flow: flow.name,
    version: session.version ?? flow.version,
    occasion,
    variant: session.variant,
    sessionId: stored ? session.id : undefined,
    key: key.toString('hex'),
    possibleRepeat,
    form: session.form,
    person: session.person,
    session: scopeOf(finished),
    answer: occasion === 'expired' ? NO_ANSWER : finished.answer,
    mappingHash: mapping?.hash,
    requestId: finished.requestId,
    acceptedAt: now,
  }
  return {
    submission,
    write: stored ? writeOf(finished, id) : undefined,
    mark:
      windowSeconds === undefined
        ? undefined
        : {
            flow: flow.name,
            key: submission.key,
            submissionId: id,
            until: new Date(now.getTime() + windowSeconds * 1000),
          },
    handOver: occasion === 'handed_over' ? handOverOf(finished, id) : undefined,
    deliveries: mapping === undefined ? [] : firstDeliveries(mapping, occasion, { submissionId: id, identity, now }),
  }
}

function writeOf({ session, expectedRevision, takesOver, now }: FinishedForm, submissionId: string): SessionWrite {
  const written = { ...session, submissionId, updatedAt: now }
  return { session: written, expectedRevision, ...(takesOver === undefined ? {} : { takesOver }) }
}

interface Key {
  readonly key: Buffer
  readonly possibleRepeat: boolean
  /** Seconds for which the same key is a repeat; absent where it never is. */
  readonly windowSeconds: number | undefined
}

function keyOf(finished: FinishedForm, id: string, identity: Identity | undefined): Key {
  const { flow, mapping, session, stored, occasion = 'submitted' } = finished
  if (occasion === 'handed_over') {
    return { key: handOverKey(flow.name, session.id), possibleRepeat: !stored, windowSeconds: undefined }
  }
  if (occasion === 'expired') {
    if (session.token === '') throw new Error('without a token nobody can tell whose form is over')
    const key = expiredKey(flow.name, session.token)
    return { key, possibleRepeat: false, windowSeconds: EXPIRED_WINDOW_SECONDS }
  }
  const { ignore, onRepeat, windowSeconds } = mapping?.dedupe ?? NO_DEDUPE
  const { key, possibleRepeat } = dedupeKey({
    flow: flow.name,
    identity,
    session: stored ? session.id : undefined,
    form: session.form,
    ignore,
    unique: id,
  })
  return { key, possibleRepeat, windowSeconds: possibleRepeat || onRepeat === 'new' ? undefined : windowSeconds }
}

/** `session.*` as mappings see it. What a form held whose run is over is given back, so nothing may say that it is kept. */
function scopeOf({ flow, session, now, occasion }: FinishedForm): Submission['session'] {
  const today = flow.dayOf(now)
  if (occasion !== 'expired') return { ...sessionScope(session, today), path: session.path }
  const { reservations: _givenBack, ...scope } = sessionScope(session, today)
  return { ...scope, path: session.path }
}

function handOverOf({ flow, session, answer, now }: FinishedForm, submissionId: string): NewHandOver {
  const { queue } = session.progress
  return { id: newId('hov', now), submissionId, flow: flow.name, screen: answer.screen, queue, openedAt: now }
}

function firstDeliveries(
  mapping: Mapping,
  occasion: Occasion,
  { submissionId, identity, now }: { submissionId: string; identity: Identity | undefined; now: Date },
): readonly NewDelivery[] {
  const whose = identity === undefined ? undefined : personKey(identity)
  return plan(mapping, occasion).map(({ kind, item, destination, waitsFor, lateAfterSeconds }) => ({
    id: newId('dlv', now),
    submissionId,
    kind,
    item,
    destination,
    waitsFor,
    mappingHash: mapping.hash,
    personKey: kind === 'record' ? whose : undefined,
    lateAt: lateAfterSeconds === undefined ? undefined : new Date(now.getTime() + lateAfterSeconds * 1000),
    createdAt: now,
  }))
}

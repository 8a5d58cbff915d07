import type { Flow } from '../flow/model.ts'
import { type ScreenAnswer, type Session, sessionScope } from '../flow/session.ts'
import { newId } from '../id.ts'
import { dedupeKey } from '../map/dedupe.ts'
import { identityOf } from '../map/identity.ts'
import type { Mapping } from '../map/model.ts'
import { plan } from '../map/plan.ts'
import type { SessionWrite } from '../store/sessions.ts'
import type { MarkWrite, NewDelivery, Submission } from '../store/submissions.ts'

/** A finished form that asks to be accepted. */
export interface FinishedForm {
  readonly flow: Flow
  readonly mapping: Mapping | undefined
  /** The session after the last exchange; stored only where the person has a token. */
  readonly session: Session
  readonly expectedRevision: number
  readonly stored: boolean
  readonly answer: ScreenAnswer
  readonly requestId: string
  readonly now: Date
}

/** Everything that accepting one finished form writes. */
export interface PreparedSubmission {
  readonly submission: Submission
  /** Absent where the person has no token. */
  readonly write: SessionWrite | undefined
  /** Absent where nothing is ever a repeat: nobody to tell apart, or `on_repeat: new`. */
  readonly mark: MarkWrite | undefined
  readonly deliveries: readonly NewDelivery[]
}

const NO_DEDUPE = { windowSeconds: 300, ignore: new Set<string>(), onRepeat: 'drop' } as const

/** Works out what accepting a form will write: its ids, its key, the deliveries its mapping asks for. */
export function prepareSubmission(finished: FinishedForm): PreparedSubmission {
  const { flow, mapping, session, now } = finished
  const id = newId('sub', now)
  const dedupe = mapping?.dedupe ?? NO_DEDUPE
  const identity =
    mapping === undefined ? undefined : identityOf(mapping, { person: session.person, form: session.form })
  const { key, possibleRepeat } = dedupeKey({
    flow: flow.name,
    identity,
    session: finished.stored ? session.id : undefined,
    form: session.form,
    ignore: dedupe.ignore,
    unique: id,
  })
  const submission: Submission = {
    id,
    flow: flow.name,
    version: flow.version,
    sessionId: finished.stored ? session.id : undefined,
    key: key.toString('hex'),
    possibleRepeat,
    form: session.form,
    person: session.person,
    session: { ...sessionScope(session), path: session.path },
    answer: finished.answer,
    mappingHash: mapping?.hash,
    requestId: finished.requestId,
    acceptedAt: now,
  }
  const until = new Date(now.getTime() + dedupe.windowSeconds * 1000)
  const marked = !possibleRepeat && dedupe.onRepeat === 'drop'
  return {
    submission,
    write: finished.stored
      ? { session: { ...session, submissionId: id, updatedAt: now }, expectedRevision: finished.expectedRevision }
      : undefined,
    mark: marked ? { flow: flow.name, key: submission.key, submissionId: id, until } : undefined,
    deliveries: mapping === undefined ? [] : firstDeliveries(mapping, id, now),
  }
}

function firstDeliveries(mapping: Mapping, submissionId: string, now: Date): readonly NewDelivery[] {
  return plan(mapping).map(({ kind, item, destination, waitsFor }) => ({
    id: newId('dlv', now),
    submissionId,
    kind,
    item,
    destination,
    waitsFor,
    mappingHash: mapping.hash,
    createdAt: now,
  }))
}

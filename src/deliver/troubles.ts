import type { AlertContent } from '../alert/alerts.ts'
import type { Condition } from '../alert/conditions.ts'
import type { Failure } from '../plugin/failure.ts'
import type { JsonObject } from '../plugin/json.ts'
import type { Delivery } from '../store/deliveries.ts'
import { isByHand } from './by-hand.ts'
import type { Trouble } from './outcome.ts'

/** Candidates named in one alert. */
const SHOWN_AT_MOST = 10

export interface TroubleDescription {
  readonly condition: Condition
  readonly content: AlertContent
}

type Troubled = Pick<Delivery, 'id' | 'submissionId' | 'item' | 'kind' | 'destination' | 'stage'>

/**
 * What an operator is told of a trouble: reason, field, what to do, and `link`, a record it has to do with, where one was
 * delivered. Nothing personal.
 */
export function describeTrouble(
  trouble: Trouble,
  delivery: Troubled,
  failure: Failure,
  link?: string,
): TroubleDescription {
  const { id, destination, item, kind, stage } = delivery
  const { code } = failure
  const reason = reasonOf(failure)
  const about = { destination, code, [kind]: item, submission: delivery.submissionId, delivery: id }
  const facts = link === undefined ? about : { ...about, link }
  if (stage === 'late' && (trouble === 'delivery.failed' || trouble === 'delivery.unknown')) {
    return describeLateTrouble(trouble, delivery, failure, facts)
  }
  switch (trouble) {
    case 'delivery.failed':
      return {
        condition: { kind: trouble, destination, code },
        content: {
          severity: 'error',
          title: `A ${kind} for ${destination} has failed: ${code}`,
          text: `${reason} Nothing is lost. ${cureOf(failure, id)}`,
          facts,
        },
      }
    case 'delivery.unknown':
      return {
        condition: { kind: trouble, destination, code },
        content: {
          severity: 'warning',
          title: `A ${kind} for ${destination} may or may not have arrived: ${code}`,
          text: `${reason} It is not sent again by itself. Look there; if it is missing, run: flowgate replay ${id}; if it is there: flowgate deliveries drop ${id}.`,
          facts,
        },
      }
    case 'destination.paused':
    case 'circuit.open':
      return describeDestinationTrouble(trouble, destination, failure)
  }
}

/** A late notice that did not get through loses nothing: the message itself still comes. */
function describeLateTrouble(
  kind: 'delivery.failed' | 'delivery.unknown',
  { destination }: Troubled,
  failure: Failure,
  facts: JsonObject,
): TroubleDescription {
  const { code } = failure
  const what = kind === 'delivery.failed' ? 'has failed' : 'may or may not have arrived'
  return {
    // Of its own: the message itself may fail by the same code, and then it is to be sent again.
    condition: { kind: kind === 'delivery.failed' ? 'late.failed' : 'late.unknown', destination, code },
    content: {
      severity: 'warning',
      title: `A late notice for ${destination} ${what}: ${code}`,
      text: `${reasonOf(failure)} The message itself follows when the CRM confirms its records. Correct the mapping or the account before then; nothing is to be sent again.`,
      facts,
    },
  }
}

/** What an operator is told of a trouble that concerns a whole destination. */
export function describeDestinationTrouble(
  trouble: 'destination.paused' | 'circuit.open',
  destination: string,
  failure: Failure,
): TroubleDescription {
  const { code } = failure
  const reason = reasonOf(failure)
  const condition: Condition = { kind: trouble, destination }
  const facts = { destination, code }
  if (trouble === 'destination.paused') {
    return {
      condition,
      content: {
        severity: 'error',
        title: `${destination} is paused: ${code}`,
        text: `${reason} Deliveries wait and none is lost. ${isByHand(failure) ? mendedByHand(destination) : mendedByItself(destination)}`,
        facts,
      },
    }
  }
  return {
    condition,
    content: {
      severity: 'warning',
      title: `${destination} does not answer: ${code}`,
      text: `${reason} Deliveries wait and none is lost; one of them tries again at least once a minute, and the rest follow when it succeeds.`,
      facts,
    },
  }
}

function mendedByItself(destination: string): string {
  return `Repair the account: it resumes by itself, within about a minute where its health check sees the repair and else within about ten, or at once by: flowgate destinations resume ${destination}.`
}

function mendedByHand(destination: string): string {
  return `It does not resume by itself, and nothing is sent until then. Where its settings are wrong, correct them in destinations.yaml and restart, which resumes it. Where it was repaired over there, run: flowgate destinations resume ${destination}.`
}

/** The vendor's own codes are explained by the vendor. */
function reasonOf(failure: Failure): string {
  const explained = failure.code.startsWith('FG_') ? ` More: flowgate error ${failure.code}.` : ''
  return `${failure.message}${fieldsOf(failure)}${explained}`
}

/** Where several records fit, a person decides; else it is the mapping or the account. */
function cureOf(failure: Failure, id: string): string {
  const candidates = failure.kind === 'permanent' ? (failure.candidates ?? []) : []
  if (candidates.length === 0)
    return `Correct the mapping or the account, then run: flowgate replay ${id} (all of them: flowgate replay --failed).`
  const shown = candidates.slice(0, SHOWN_AT_MOST).join(', ')
  const more = candidates.length > SHOWN_AT_MOST ? ` and ${candidates.length - SHOWN_AT_MOST} more` : ''
  return `Look at ${shown}${more} there, then run: flowgate deliveries choose ${id} <one of them, or new>. Where they are merged, run: flowgate replay ${id}.`
}

function fieldsOf(failure: Failure): string {
  if (failure.kind !== 'permanent' || failure.fields === undefined || failure.fields.length === 0) return ''
  return ` (field${failure.fields.length === 1 ? '' : 's'}: ${failure.fields.join(', ')})`
}

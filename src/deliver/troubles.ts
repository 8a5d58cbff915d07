import type { AlertContent } from '../alert/alerts.ts'
import type { Condition } from '../alert/conditions.ts'
import type { Failure } from '../plugin/failure.ts'
import type { Delivery } from '../store/deliveries.ts'
import type { Trouble } from './outcome.ts'

export interface TroubleDescription {
  readonly condition: Condition
  readonly content: AlertContent
}

/** What an operator is told of a trouble: reason, field and what to do, nothing personal. */
export function describeTrouble(
  trouble: Trouble,
  delivery: Pick<Delivery, 'id' | 'submissionId' | 'item' | 'kind' | 'destination'>,
  failure: Failure,
): TroubleDescription {
  const { id, destination, item, kind } = delivery
  const { code } = failure
  const reason = `${failure.message}${fieldsOf(failure)}`
  const facts = { destination, code, [kind]: item, submission: delivery.submissionId, delivery: id }
  switch (trouble) {
    case 'delivery.failed':
      return {
        condition: { kind: trouble, destination, code },
        content: {
          severity: 'error',
          title: `A ${kind} for ${destination} has failed: ${code}`,
          text: `${reason} Nothing is lost. Correct the mapping or the account, then run: flowgate replay ${id} (all of them: flowgate replay --failed).`,
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

/** What an operator is told of a trouble that concerns a whole destination. */
export function describeDestinationTrouble(
  trouble: 'destination.paused' | 'circuit.open',
  destination: string,
  failure: Failure,
): TroubleDescription {
  const { code } = failure
  const reason = `${failure.message}${fieldsOf(failure)}`
  const condition: Condition = { kind: trouble, destination }
  const facts = { destination, code }
  if (trouble === 'destination.paused') {
    return {
      condition,
      content: {
        severity: 'error',
        title: `${destination} is paused: ${code}`,
        text: `${reason} Deliveries wait and none is lost. Repair the account: it resumes by itself, within about a minute where its health check sees the repair and else within about ten, or at once by: flowgate destinations resume ${destination}.`,
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

function fieldsOf(failure: Failure): string {
  if (failure.kind !== 'permanent' || failure.fields === undefined || failure.fields.length === 0) return ''
  return ` (field${failure.fields.length === 1 ? '' : 's'}: ${failure.fields.join(', ')})`
}

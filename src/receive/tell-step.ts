import type { Session } from '../flow/session.ts'
import type { Step } from '../flow/step.ts'
import type { ExchangeEvents } from './exchange-events.ts'
import type { ExchangeRequest } from './ports.ts'

/** From here on a pause is one a person has to find back from (Meta has no figure; half an hour is our rate's definition). */
const PAUSE_MS = 30 * 60 * 1000

/** Tells everything one step is worth telling. */
export function tellStep(events: ExchangeEvents, { flow, requestId }: ExchangeRequest, step: Step): void {
  const { screen } = step.answer
  if (step.rejected !== undefined) events.rejected({ flow, requestId, ...step.rejected })
  if (step.incomplete !== undefined) events.incomplete({ flow, requestId, screen, fields: step.incomplete })
  if (step.remarks !== undefined) events.remarked({ flow, requestId, screen, remarks: step.remarks })
  if (step.refused !== undefined) events.refused({ flow, requestId, screen, fields: step.refused })
  if (step.unavailable !== undefined) events.unavailable({ flow, requestId, screen, asks: step.unavailable })
}

/** Tells that a person came back to a form they had left unfinished, as it was before. */
export function tellResumed(
  events: ExchangeEvents,
  { flow, requestId, receivedAt }: ExchangeRequest,
  before: Session | undefined,
): void {
  if (before === undefined) return
  const pauseMs = receivedAt.getTime() - before.updatedAt.getTime()
  if (pauseMs >= PAUSE_MS) events.resumed({ flow, requestId, seconds: Math.round(pauseMs / 1000) })
}

import type { JsonObject } from '../plugin/json.ts'
import type { HandOver } from '../store/hand-overs.ts'

/** A hand-over as programs and commands show it: no answers of its person; what is absent is left out. */
export function handOverView(handOver: HandOver): JsonObject {
  const { id, submissionId, flow, screen, queue, openedAt, closedAt, closedBy } = handOver
  return {
    id,
    submission_id: submissionId,
    flow,
    screen,
    ...(queue === undefined ? {} : { queue }),
    opened_at: openedAt.toISOString(),
    ...(closedAt === undefined ? {} : { closed_at: closedAt.toISOString() }),
    ...(closedBy === undefined ? {} : { closed_by: closedBy }),
  }
}

/** Who closed it and when, for a sentence: `closed by maria at 2026-03-02T09:00:00.000Z`. */
export function closingOf({ closedAt, closedBy }: HandOver): string {
  const by = closedBy === undefined ? '' : ` by ${closedBy}`
  return `closed${by}${closedAt === undefined ? '' : ` at ${closedAt.toISOString()}`}`
}

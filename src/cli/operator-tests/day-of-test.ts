import type { Flow } from '../../flow/model.ts'

/** Hours of UTC, tried in turn: noon is the right day in most places, and none is right everywhere. */
const HOURS = [12, 6, 18, 0, 23]

/** A moment that is on this day where the flow is at home; the present where no day is given. */
export function momentOn(flow: Pick<Flow, 'dayOf'>, today: string | undefined, now: Date): Date {
  if (today === undefined) return now
  const moments = HOURS.map((hour) => new Date(`${today}T${String(hour).padStart(2, '0')}:00:00Z`))
  return moments.find((moment) => flow.dayOf(moment) === today) ?? now
}

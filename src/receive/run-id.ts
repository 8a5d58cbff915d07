import { createHash } from 'node:crypto'
import { newId } from '../id.ts'

const HOUR_MS = 60 * 60 * 1000

/** Characters of an id that tell when it was made. */
const STAMP = 'ses_'.length + 10

/**
 * The id of a run that a request may begin. Requests that come together and would begin the same one get the same id, so
 * that what one of them reserves is not taken for somebody else's by the others. `revision` is the stored run's (0: none).
 */
export function runId(flow: string, token: string, revision: number, now: Date): string {
  const begun = new Date(now.getTime() - (now.getTime() % HOUR_MS))
  const name = createHash('sha256').update(['run', flow, token, revision, begun.toISOString()].join('\n'))
  return `${newId('ses', begun).slice(0, STAMP)}${name.digest('hex').slice(0, 32)}`
}

import type { Log } from '../log.ts'
import type { Receipt } from '../plugin/delivery.ts'
import { type Failure, FailureError } from '../plugin/failure.ts'
import type { RunningDestination } from '../registry/registry.ts'
import { soundFailure } from '../registry/sound-failure.ts'

const OUTCOMES: readonly Receipt['outcome'][] = ['created', 'updated', 'unchanged', 'sent']

/** The class of what a plugin threw: its own word, else its `classify`, else retryable with the stack kept in the log. */
export function failureOf(error: unknown, destination: RunningDestination | undefined, log: Log): Failure {
  const known = error instanceof FailureError ? soundFailure(error.failure) : destination?.classify(error)
  if (known !== undefined) return known
  log.error({ error: nameOf(error), stack: frames(error) }, 'delivery.unclassified')
  return {
    kind: 'retryable',
    code: 'FG_DELIVERY_UNCLASSIFIED',
    message: `The plugin failed in a way it does not know itself (${nameOf(error)}): the log line delivery.unclassified holds the stack.`,
  }
}

/** The failure of a call that took too long. */
export function deadlineFailure(destination: string, deadlineMs: number): Failure {
  return {
    kind: 'retryable',
    code: 'FG_DELIVERY_DEADLINE',
    message: `${destination} did not answer within ${deadlineMs} ms. If it is always slow, raise answer_within_ms.`,
  }
}

/** What a plugin answered, if it is a receipt. */
export function receiptOf(value: unknown): Receipt | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { outcome, id, url } = value as Partial<Record<keyof Receipt, unknown>>
  const known = OUTCOMES.find((name) => name === outcome)
  if (known === undefined || typeof id !== 'string' || id === '') return undefined
  return typeof url === 'string' ? { outcome: known, id, url } : { outcome: known, id }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

/** Where an error came from, without its message: a vendor's error text may quote a person's answers. */
function frames(error: unknown): string {
  if (!(error instanceof Error) || error.stack === undefined) return ''
  return error.stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n')
}

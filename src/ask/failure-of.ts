import { type Failure, FailureError } from '../plugin/failure.ts'
import { soundFailure } from '../registry/sound-failure.ts'

/** What a question came to fail with, and for a failure nobody knows where it came from. */
export interface KnownFailure {
  readonly failure: Failure
  /** Places in code, without the message: an error's text may quote a person's answers. */
  readonly stack?: string
}

/** The class of what was thrown while a source was asked: the error's own word, else the plugin's, else retryable. */
export function failureOf(
  error: unknown,
  classify: ((error: unknown) => Failure | undefined) | undefined,
): KnownFailure {
  const known = error instanceof FailureError ? soundFailure(error.failure) : classify?.(error)
  if (known !== undefined) return { failure: known }
  const name = error instanceof Error ? error.name : typeof error
  return {
    failure: {
      kind: 'retryable',
      code: 'FG_SOURCE_UNCLASSIFIED',
      message: `The plugin failed in a way it does not know itself (${name}).`,
    },
    stack: framesOf(error),
  }
}

/** The failure of a question that took too long. */
export function deadlineFailure(source: string, deadlineMs: number): Failure {
  return {
    kind: 'retryable',
    code: 'FG_SOURCE_DEADLINE',
    message: `${source} did not answer within ${Math.round(deadlineMs)} ms. If it is always slow, raise answer_within_ms.`,
  }
}

/** The failure of a question whose turn did not come in time. */
export function crowdedFailure(source: string, atOnce: number): Failure {
  return {
    kind: 'retryable',
    code: 'FG_SOURCE_CROWDED',
    message: `${source} was asked ${atOnce} questions at once and the next one waited in vain. Raise at_once, or keep answers by cache.`,
  }
}

/** Whether a failure speaks of this one question and not of the source: it answered, only not what was hoped. */
export function isOfTheQuestion(failure: Failure): boolean {
  return failure.kind === 'permanent' && failure.scope === 'record'
}

function framesOf(error: unknown): string {
  if (!(error instanceof Error) || error.stack === undefined) return ''
  const lines = error.stack.split('\n')
  return lines.filter((line) => line.startsWith('    at ')).join('\n')
}

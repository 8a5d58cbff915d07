import { FailureError } from '../plugin/failure.ts'
import type { Json } from '../plugin/json.ts'

/** Meta takes 1 MiB for a whole screen; what is larger than this could not be shown and would crowd out other answers. */
const MOST_BYTES = 256 * 1024

/** An answer that is plain JSON of bounded size. */
export interface SoundAnswer {
  readonly answer: Json
  /** Of its JSON text. */
  readonly bytes: number
}

/**
 * A copy of what a plugin answered as plain JSON, so that nothing the plugin does to it later is seen by anyone; nothing
 * at all counts as `null`. Throws a FailureError that concerns this question alone where it is no JSON or above 256 KiB.
 */
export function soundAnswer(value: unknown): SoundAnswer {
  const text = textOf(value)
  if (text === undefined) {
    throw refused('FG_SOURCE_ANSWER_NOT_JSON', 'The plugin answered something that is no JSON: tell its maker.')
  }
  const bytes = Buffer.byteLength(text)
  if (bytes > MOST_BYTES) {
    const size = `${Math.ceil(bytes / 1024)} KiB`
    throw refused(
      'FG_SOURCE_ANSWER_TOO_LARGE',
      `An answer of ${size} was refused: at most 256 KiB are taken. Let the query find fewer rows or columns.`,
    )
  }
  return { answer: JSON.parse(text) as Json, bytes }
}

/** Whether an answer says that there is nothing. */
export function foundNothing(answer: Json): boolean {
  return answer === null || (Array.isArray(answer) && answer.length === 0)
}

function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value ?? null)
  } catch {
    return undefined
  }
}

function refused(code: string, message: string): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'record', code, message })
}

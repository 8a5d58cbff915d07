import type { Failure } from '../plugin/failure.ts'

const LONGEST_MESSAGE = 1_000
const LONGEST_NAME = 200
const LONGEST_WAIT_SECONDS = 72 * 3_600
const DEFAULT_WAIT_SECONDS = 10

/**
 * A plugin's word on its failure, fit to be stored, shown and acted on: texts of bounded length that a database takes,
 * a wait that is a number. `undefined` where it is no failure of a known kind.
 */
export function soundFailure(value: unknown): Failure | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { kind, code, message, scope, byHand, fields, candidates, adopt, retryAfterSeconds, nothingWritten } =
    value as Partial<Record<string, unknown>>
  if (typeof code !== 'string' || typeof message !== 'string') return undefined
  const words = { code: shortened(code, LONGEST_NAME), message: shortened(message, LONGEST_MESSAGE) }
  switch (kind) {
    case 'retryable':
      return { kind, ...words, ...(nothingWritten === true ? { nothingWritten } : {}) }
    case 'unknown':
      return { kind, ...words }
    case 'rate-limited':
      return { kind, ...words, retryAfterSeconds: soundWait(retryAfterSeconds) }
    case 'permanent':
      if (scope !== 'record' && scope !== 'destination') return undefined
      return {
        kind,
        ...words,
        scope,
        ...(scope === 'destination' && byHand === true ? { byHand } : {}),
        ...(Array.isArray(fields) ? { fields: fields.flatMap(name) } : {}),
        ...(Array.isArray(candidates) ? { candidates: candidates.flatMap(name) } : {}),
        ...(adopt === true ? { adopt } : {}),
      }
    default:
      return undefined
  }
}

function shortened(text: string, longest: number): string {
  return text.slice(0, longest).replaceAll('\0', '').toWellFormed()
}

function name(value: unknown): readonly string[] {
  return typeof value === 'string' ? [shortened(value, LONGEST_NAME)] : []
}

/** A wait that is no number, or longer than a rate limit is waited for, would hold the destination for ever. */
function soundWait(asked: unknown): number {
  if (typeof asked !== 'number' || !Number.isFinite(asked)) return DEFAULT_WAIT_SECONDS
  return Math.min(Math.max(asked, 0), LONGEST_WAIT_SECONDS)
}

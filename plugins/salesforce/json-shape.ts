/** Whether a value read from JSON is an object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The objects in a list; none where it is no list. */
export function recordsIn(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** Only what can be a name or a code passes: no spaces, no @, no sentence. */
export function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z0-9_.-]{1,100}$/.test(value) ? value : undefined
}

/** The names or codes in a list. */
export function wordsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(word).filter((found) => found !== undefined) : []
}

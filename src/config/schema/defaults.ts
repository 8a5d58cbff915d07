/** The words people read where a flow has none of its own. */
export const DEFAULT_MESSAGES = {
  expired: 'This form is no longer available.',
  sorry: 'Something went wrong on our side. Please try again.',
  busy: 'That was a little fast. Please wait a moment and try again.',
  check_answers: 'Please check your answers.',
  incomplete: 'Some earlier answers are missing. Please close this form and open it again.',
  required: 'Please answer this.',
  invalid: 'Please check this answer.',
  moved: 'Please go on from here.',
} as const

/** How long an unfinished form waits for its person: Meta advises 2 to 3 days for a token. */
export const DEFAULT_IDLE_EXPIRY = '48h'

/** How long the answers of a session are kept after it expired. */
export const DEFAULT_PURGE_AFTER = '7d'

/** Deliveries at the same time, for each destination and process. */
export const DEFAULT_AT_ONCE = 4

/** Deadline of one call to a destination, in milliseconds. */
export const DEFAULT_ANSWER_WITHIN_MS = 10_000

/** Refusals of one screen in a row before its way out. */
export const DEFAULT_WAY_OUT_AFTER = 5

/** The payload key that names the version of the Flow JSON a phone has. */
export const DEFAULT_VERSION_KEY = 'flow_version'

/** Deadline of one question to a source, in milliseconds: a person is waiting. */
export const DEFAULT_SOURCE_WITHIN_MS = 1_500

/** Questions to a source at the same time, for each process. */
export const DEFAULT_SOURCE_AT_ONCE = 8

/** Failures of a source in a row that open its breaker, and how long it then rests. */
export const DEFAULT_BREAKER = { failures: 5, rest: '10s' } as const

/** Answers a source's cache keeps in each process. */
export const DEFAULT_CACHE_ENTRIES = 1_000

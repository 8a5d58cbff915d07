import { type Codes, stops } from './failure.ts'

/** What `read` makes of settings; a mistake in them becomes a failure of the destination that says it. */
export function readingSettings<Settings>(codes: Codes, read: () => Settings): Settings {
  try {
    return read()
  } catch (error) {
    throw stops(codes.settings, error instanceof Error ? error.message : String(error))
  }
}

import type { SettingFault } from 'flowgate/plugin'
import { type Codes, stops } from './failure.ts'

/** A mistake in settings. The message is a sentence for the operator, which names the place and never a secret. */
export class SettingError extends Error {
  override readonly name = 'SettingError'
  readonly path: SettingFault['path']

  constructor(path: SettingFault['path'], message: string) {
    super(message)
    this.path = path
  }
}

/** What `read` makes of a part of the settings; what it throws becomes a SettingError of that part, which its message names. */
export function readAt<Read>(path: SettingFault['path'], part: string, read: () => Read): Read {
  try {
    return read()
  } catch (error) {
    throw new SettingError(path, `${part}: ${messageOf(error)}`)
  }
}

/** What `read` makes of settings; a mistake in them becomes a failure of the destination that says it. */
export function readingSettings<Settings>(codes: Codes, read: () => Settings): Settings {
  try {
    return read()
  } catch (error) {
    throw stops(codes.settings, messageOf(error))
  }
}

/** The mistake that `read` finds in settings, if there is one. */
export function settingFaults(read: () => unknown): readonly SettingFault[] {
  try {
    read()
    return []
  } catch (error) {
    return [{ path: error instanceof SettingError ? error.path : [], message: messageOf(error) }]
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

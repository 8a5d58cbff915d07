import type { ConfiguredPlugin } from './configured-plugin.ts'
import { type FormattedSetting, settingsOfFormat } from './formatted-settings.ts'
import type { Path } from './issue.ts'

/** What a plugin's settings say of CRM destinations. */
export interface NamedDestinations {
  /** Names of destinations to look records up in, by the format `crm-destination` of the plugin's schema. */
  readonly destinations: readonly FormattedSetting[]
  /** The objects that are looked up there, by the format `crm-object`. */
  readonly objects: readonly FormattedSetting[]
}

/** The CRMs that a plugin's settings name, as far as its schema marks them. */
export function namedDestinations(
  { description, config, sound }: Pick<ConfiguredPlugin, 'description' | 'config' | 'sound'>,
  path: Path,
): NamedDestinations {
  const marked = (format: string): readonly FormattedSetting[] =>
    description === undefined || !sound
      ? []
      : // A variable that is not set yet names nothing.
        settingsOfFormat(format, description.configSchema, config, path).filter(({ text }) => !text.includes('${'))
  return { destinations: marked('crm-destination'), objects: marked('crm-object') }
}

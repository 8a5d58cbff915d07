import type { Kind } from '../plugin/definition.ts'
import { didYouMean } from '../value/nearest.ts'
import type { DestinationSettings } from './configuration.ts'
import type { DestinationKinds } from './cross-check/destinations.ts'
import type { Issue, Path, Report } from './issue.ts'
import type { PluginCatalogue, PluginDescription } from './plugin-catalogue.ts'
import { reportIn } from './report-in.ts'
import { DEFAULT_ANSWER_WITHIN_MS, DEFAULT_AT_ONCE } from './schema/defaults.ts'
import { type DestinationFile, type DestinationsFile, DestinationsFileSchema } from './schema/destinations.ts'
import { checkSchema, checkSettings } from './schema-check.ts'
import type { SourceFile } from './source-file.ts'
import { fillVariables, type Variables } from './variables.ts'

export interface LoadedDestinations {
  readonly settings: ReadonlyMap<string, DestinationSettings>
  /** Every name the file has, with its plugin's kind. `undefined` where the file could not be read, so names cannot be checked. */
  readonly kinds: DestinationKinds | undefined
}

/** Reads `destinations.yaml`, fills in variables and checks each destination's settings against its plugin's schema. */
export async function loadDestinations(
  source: SourceFile | undefined,
  env: Variables,
  secrets: 'required' | 'placeholder',
  plugins: PluginCatalogue,
  add: (issue: Issue) => void,
): Promise<LoadedDestinations> {
  if (source === undefined || source.data === null) return { settings: new Map(), kinds: new Map() }
  if (source.data === undefined) return { settings: new Map(), kinds: undefined }
  const report = reportIn(source, add)
  const { value, whole } = checkSchema<DestinationsFile>(DestinationsFileSchema, source.data, report)
  const settings = new Map<string, DestinationSettings>()
  const kinds = new Map<string, Kind | undefined>()
  for (const [name, file] of Object.entries(value?.destinations ?? {})) {
    const path = ['destinations', name]
    const plugin = await describe(file.plugin, [...path, 'plugin'], plugins, report)
    kinds.set(name, plugin?.kind)
    const config = settingsOf(file, plugin, [...path, 'config'], env, secrets, report)
    settings.set(name, {
      name,
      plugin: file.plugin,
      config,
      atOnce: file.at_once ?? DEFAULT_AT_ONCE,
      answerWithinMs: file.answer_within_ms ?? DEFAULT_ANSWER_WITHIN_MS,
      onUnknown: file.on_unknown ?? 'hold',
    })
  }
  return { settings, kinds: whole ? kinds : undefined }
}

async function describe(
  plugin: string,
  path: Path,
  plugins: PluginCatalogue,
  report: Report,
): Promise<PluginDescription | undefined> {
  try {
    const description = await plugins.describe(plugin)
    if (description !== undefined) return description
    const known = plugins.names()
    const hint = didYouMean(plugin, known) || `: there is ${known.join(', ')}, or ./folder, or npm:package`
    const message = `there is no plugin \`${plugin}\`${hint}`
    report({ severity: 'error', path, code: 'FG_CONFIG_PLUGIN_UNKNOWN', message })
  } catch (error) {
    const message = `plugin \`${plugin}\` cannot be loaded: ${error instanceof Error ? error.message : 'unknown reason'}`
    report({ severity: 'error', path, code: 'FG_CONFIG_PLUGIN_BROKEN', message })
  }
  return undefined
}

function settingsOf(
  file: DestinationFile,
  plugin: PluginDescription | undefined,
  path: Path,
  env: Variables,
  secrets: 'required' | 'placeholder',
  report: Report,
): Readonly<Record<string, unknown>> {
  const { value, unfilled } = fillVariables(file.config ?? {}, path, env, secrets, report)
  const config = value as Readonly<Record<string, unknown>>
  if (plugin === undefined) return config
  return checkSettings(plugin.configSchema, config, (finding) => {
    const at = [...path, ...finding.path]
    // What still holds a variable has no form to judge.
    if (unfilled.some((place) => place.join('\0') === at.join('\0'))) return
    report({ ...finding, path: at })
  })
}

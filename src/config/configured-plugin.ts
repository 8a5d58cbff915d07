import { didYouMean } from '../value/nearest.ts'
import type { AllowedHost } from './allowed-host.ts'
import { settingsOfFormat } from './formatted-settings.ts'
import type { Finding, Path, Report } from './issue.ts'
import type { PluginCatalogue, PluginDescription } from './plugin-catalogue.ts'
import { checkSettings } from './schema-check.ts'
import { fillVariables, type Variables } from './variables.ts'

/** What every entry of `destinations.yaml` is read with. */
export interface PluginReading {
  readonly plugins: PluginCatalogue
  readonly env: Variables
  readonly secrets: 'required' | 'placeholder'
  /** Where URLs may lead beyond the public internet; `undefined` where nobody knows. */
  readonly allowHosts: readonly AllowedHost[] | undefined
  readonly report: Report
}

/** A plugin with the settings an operator gave it. */
export interface ConfiguredPlugin {
  /** `undefined` where the plugin is not there, cannot be loaded, or is of another kind than belongs here. */
  readonly description: PluginDescription | undefined
  /** With every variable filled in and the plugin's own defaults. */
  readonly config: Readonly<Record<string, unknown>>
  /** Some text still holds a variable that is not set. */
  readonly unfilled: boolean
  /** Its settings fit its schema. */
  readonly sound: boolean
}

/** Finds the plugin of one entry, fills the variables of its settings and checks them against its schema. */
export async function readPlugin(
  entry: { readonly plugin: string; readonly config?: Readonly<Record<string, unknown>> },
  path: Path,
  section: 'destinations' | 'sources',
  reading: PluginReading,
): Promise<ConfiguredPlugin> {
  const found = await describe(entry.plugin, [...path, 'plugin'], reading)
  const description = found && belongs(found, entry.plugin, section, [...path, 'plugin'], reading) ? found : undefined
  return { description, ...(await settingsOf(entry.config ?? {}, description, [...path, 'config'], reading)) }
}

async function describe(plugin: string, path: Path, { plugins, report }: PluginReading) {
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

/** A source only reads and a destination only takes: neither can do the other's work. */
function belongs(
  { kind }: PluginDescription,
  plugin: string,
  section: 'destinations' | 'sources',
  path: Path,
  { report }: PluginReading,
): boolean {
  if ((kind === 'source') === (section === 'sources')) return true
  const takes = kind === 'crm' ? 'takes records' : 'takes notifications'
  const message =
    kind === 'source'
      ? `plugin \`${plugin}\` answers questions and takes nothing: configure it below \`sources\``
      : `plugin \`${plugin}\` ${takes} and answers no questions: configure it below \`destinations\``
  report({ severity: 'error', path, code: 'FG_CONFIG_PLUGIN_KIND', message })
  return false
}

async function settingsOf(
  raw: Readonly<Record<string, unknown>>,
  plugin: PluginDescription | undefined,
  path: Path,
  reading: PluginReading,
): Promise<Omit<ConfiguredPlugin, 'description'>> {
  const { env, secrets, report } = reading
  const { value, unfilled } = fillVariables(raw, path, env, secrets, report)
  const filled = value as Readonly<Record<string, unknown>>
  const open = { unfilled: unfilled.length > 0, sound: true }
  if (plugin === undefined) return { config: filled, ...open }
  let sound = true
  // What still holds a variable has no form to judge, and neither has what holds such a thing.
  const isOpen = (at: Path) => unfilled.some((place) => at.every((key, index) => String(key) === String(place[index])))
  const known = (findings: readonly Finding[]) => findings.filter((finding) => !isOpen(finding.path))
  const config = checkSettings(plugin.configSchema, filled, (finding) => {
    const at = [...path, ...finding.path]
    if (unfilled.some((place) => place.join('\0') === at.join('\0'))) return
    sound = false
    report({ ...finding, path: at })
  })
  if (!sound) return { config, ...open, sound }
  const refused = known(urlFaults(plugin, config, path, reading))
  // Of a URL that is none the plugin would say the same.
  const impossible = refused.length > 0 ? [] : known(await settingFaults(plugin, config, path))
  for (const finding of [...refused, ...impossible]) report(finding)
  return { config, ...open, sound: impossible.length === 0 }
}

/** URLs that the gateway asks for a plugin, by the format of its schema, and that it never will. */
function urlFaults(
  { configSchema }: PluginDescription,
  config: object,
  path: Path,
  { plugins, allowHosts }: PluginReading,
): readonly Finding[] {
  if (allowHosts === undefined) return []
  return settingsOfFormat('guarded-url', configSchema, config, path).flatMap(({ path: at, text }) => {
    const fault = plugins.urlFault(text, allowHosts)
    const message = `this URL is never asked: ${fault}`
    return fault === undefined ? [] : [{ severity: 'error', path: at, code: 'FG_CONFIG_URL', message }]
  })
}

/** What the plugin itself says of settings that fit its schema. */
async function settingFaults(
  plugin: PluginDescription,
  config: Readonly<Record<string, unknown>>,
  path: Path,
): Promise<readonly Finding[]> {
  try {
    const faults = (await plugin.faults?.(config)) ?? []
    return faults.map(({ path: at, message }) => ({
      severity: 'error',
      path: [...path, ...at],
      code: 'FG_CONFIG_SETTING',
      message,
    }))
  } catch {
    // Settings without their variables may be too little for it; with them the registry says what is wrong.
    return []
  }
}

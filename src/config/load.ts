import type { Configuration } from './configuration.ts'
import { checkDestination } from './cross-check/destinations.ts'
import { readAllowedHosts } from './environment.ts'
import type { Issue, Report } from './issue.ts'
import { type LoadedDestinations, loadDestinations } from './load-destinations.ts'
import { loadFlows } from './load-flows.ts'
import type { PluginCatalogue } from './plugin-catalogue.ts'
import { readFolder } from './read-folder.ts'
import { reportIn } from './report-in.ts'
import { type SettingsFile, SettingsFileSchema } from './schema/settings.ts'
import { checkSchema } from './schema-check.ts'
import type { SourceFile } from './source-file.ts'
import { fillVariables, type Variables } from './variables.ts'

export interface LoadOptions {
  readonly plugins: PluginCatalogue
  /**
   * `placeholder`: a `${VARIABLE}` that is not set stands for itself, so that a configuration can be checked without
   * secrets. `sources`: so it is except for sources, for a process that asks them and delivers nothing. Default `required`.
   */
  readonly secrets?: 'required' | 'sources' | 'placeholder'
}

export type LoadResult =
  | { readonly ok: true; readonly configuration: Configuration; readonly issues: readonly Issue[] }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/**
 * Reads, validates, compiles and cross-checks a configuration folder. `issues` holds all errors and advice of all files,
 * by file and line; with `ok` only advice. Never rejects because of what the files hold.
 */
export async function loadConfiguration(folder: string, env: Variables, options: LoadOptions): Promise<LoadResult> {
  const issues: Issue[] = []
  const add = (issue: Issue): void => {
    issues.push(issue)
  }
  const secrets = options.secrets ?? 'required'
  const files = await readFolder(folder, add)
  const ofDestinations = secrets === 'required' ? 'required' : 'placeholder'
  const allowHosts = readAllowedHosts(env)
  const ofSources = { secrets: secrets === 'placeholder' ? 'placeholder' : 'required', allowHosts } as const
  // Who delivers nothing asks none of their URLs, and need not know which hosts the others may.
  const ofOthers = { secrets: ofDestinations, allowHosts: secrets === 'sources' ? undefined : allowHosts } as const
  const reading = { plugins: options.plugins, env, ...ofOthers, ofSources }
  const destinations = await loadDestinations(files.destinations, reading, add)
  const alertsTo = loadAlertsTo(files.settings, env, ofDestinations, destinations, add)
  const flows = await loadFlows(
    files.flows,
    {
      kinds: destinations.kinds,
      orders: destinations.orders,
      abilities: destinations.abilities,
      recipients: destinations.recipients,
      sources: destinations.sourceFacts,
    },
    add,
  )
  const sorted = inOrder(issues)
  if (sorted.some(({ severity }) => severity === 'error')) return { ok: false, issues: sorted }
  const { settings, sources } = destinations
  const configuration = { flows, destinations: settings, sources, alertsTo, advice: sorted }
  return { ok: true, configuration, issues: sorted }
}

function loadAlertsTo(
  source: SourceFile | undefined,
  env: Variables,
  secrets: 'required' | 'placeholder',
  destinations: LoadedDestinations,
  add: (issue: Issue) => void,
): string | undefined {
  if (source?.data === undefined || source.data === null) return undefined
  const report: Report = reportIn(source, add)
  const filled = fillVariables(source.data, [], env, secrets, report)
  const { value } = checkSchema<SettingsFile>(SettingsFileSchema, filled.value, report)
  const to = value?.alerts?.to
  const known = destinations.kinds
  if (to !== undefined && known !== undefined && filled.unfilled.length === 0) {
    checkDestination(to, 'notification', ['alerts', 'to'], known, report)
  }
  return to
}

/** By file, then by place; one and the same finding is told once. */
function inOrder(issues: readonly Issue[]): readonly Issue[] {
  const unique = new Map(
    issues.map((issue) => [JSON.stringify([issue.file, issue.line, issue.column, issue.code, issue.message]), issue]),
  )
  return [...unique.values()].sort(
    (left, right) =>
      (left.file < right.file ? -1 : left.file > right.file ? 1 : 0) ||
      left.line - right.line ||
      left.column - right.column,
  )
}

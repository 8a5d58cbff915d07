import type { Configuration, ConfiguredFlow } from './configuration.ts'
import { checkDestination } from './cross-check/destinations.ts'
import type { Issue, Report } from './issue.ts'
import { type LoadedDestinations, loadDestinations } from './load-destinations.ts'
import { loadFlow } from './load-flow.ts'
import type { PluginCatalogue } from './plugin-catalogue.ts'
import { readFolder } from './read-folder.ts'
import { reportIn } from './report-in.ts'
import { type SettingsFile, SettingsFileSchema } from './schema/settings.ts'
import { checkSchema } from './schema-check.ts'
import type { SourceFile } from './source-file.ts'
import { fillVariables, type Variables } from './variables.ts'

export interface LoadOptions {
  readonly plugins: PluginCatalogue
  /** `placeholder`: a `${VARIABLE}` that is not set stands for itself, so that a configuration can be checked without secrets. Default `required`. */
  readonly secrets?: 'required' | 'placeholder'
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
  const destinations = await loadDestinations(files.destinations, env, secrets, options.plugins, add)
  const alertsTo = loadAlertsTo(files.settings, env, secrets, destinations, add)
  const flows = new Map<string, ConfiguredFlow>()
  for (const flowFiles of files.flows) {
    const loaded = await loadFlow(flowFiles, destinations.kinds, add)
    if (loaded !== undefined) flows.set(loaded.flow.name, loaded)
  }
  checkTwins(files.flows, add)
  const sorted = inOrder(issues)
  if (sorted.some(({ severity }) => severity === 'error')) return { ok: false, issues: sorted }
  const configuration = { flows, destinations: destinations.settings, alertsTo, advice: sorted }
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

/** Two folders with one flow name: only one could answer. */
function checkTwins(flows: readonly { readonly flow: SourceFile | undefined }[], add: (issue: Issue) => void): void {
  const seen = new Map<string, string>()
  for (const { flow: source } of flows) {
    const name = nameIn(source)
    if (source === undefined || name === undefined) continue
    const first = seen.get(name)
    seen.set(name, first ?? source.file)
    if (first === undefined) continue
    const message = `two flows are named \`${name}\`: the other is in ${first}`
    reportIn(source, add)({ severity: 'error', path: ['flow'], code: 'FG_CONFIG_FLOW_TWICE', message })
  }
}

function nameIn(source: SourceFile | undefined): string | undefined {
  const data = source?.data
  if (typeof data !== 'object' || data === null || !('flow' in data)) return undefined
  return typeof data.flow === 'string' ? data.flow : undefined
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

import type { ConfiguredFlow } from './configuration.ts'
import { checkVersions } from './cross-check/versions.ts'
import type { Issue } from './issue.ts'
import { type Configured, type LoadedVersion, loadFlow } from './load-flow.ts'
import type { FlowFiles } from './read-folder.ts'
import { reportIn } from './report-in.ts'
import type { SourceFile } from './source-file.ts'
import { versionFolder } from './version-folder.ts'

/**
 * Loads every folder below `flows/` and joins those that are versions of one flow. The folder without a version is the
 * newest; where there is none, the last version in natural order is.
 */
export async function loadFlows(
  folders: readonly FlowFiles[],
  configured: Configured,
  add: (issue: Issue) => void,
): Promise<ReadonlyMap<string, ConfiguredFlow>> {
  const flows = new Map<string, ConfiguredFlow>()
  for (const [name, files] of Map.groupBy(folders, ({ folder }) => versionFolder(folder).flow)) {
    const loaded: LoadedVersion[] = []
    for (const each of [...files].sort(byAge)) {
      const version = await loadFlow(each, configured, add)
      if (version !== undefined) loaded.push(version)
    }
    const newest = loaded.at(-1)
    if (newest === undefined) continue
    if (files.every(({ folder }) => folder !== name)) adviseOnNewest(newest, add)
    // What could not be read whole would show as differences between the versions.
    if (loaded.length === files.length && loaded.every(({ whole }) => whole)) checkVersions(loaded, add)
    for (const version of loaded) checkTestedVersions(version, loaded, add)
    const versions = new Map(loaded.map(({ configured: version }) => [version.flow.version, version]))
    flows.set(name, { ...newest.configured, versions })
  }
  checkTwins(folders, add)
  return flows
}

const NATURAL = new Intl.Collator('en', { numeric: true })

/** Oldest first: versions in natural order (`2` before `10`), the folder without one last. */
function byAge(left: FlowFiles, right: FlowFiles): number {
  const [one, other] = [versionFolder(left.folder).version, versionFolder(right.folder).version]
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined)
  return NATURAL.compare(one, other)
}

function adviseOnNewest({ files, configured: { flow } }: LoadedVersion, add: (issue: Issue) => void): void {
  if (files.flow === undefined) return
  const message = `there is no folder flows/${flow.name}: version \`${flow.version}\` is taken for the newest of the flow`
  reportIn(files.flow, add)({ severity: 'advice', path: ['version'], code: 'FG_CONFIG_NEWEST_VERSION', message })
}

/** A test can only be of a version that is there. */
function checkTestedVersions(
  { files, configured: { tests } }: LoadedVersion,
  loaded: readonly LoadedVersion[],
  add: (issue: Issue) => void,
): void {
  const known = loaded.map(({ configured }) => configured.flow.version)
  for (const [index, { version }] of tests.entries()) {
    if (version === undefined || known.includes(version) || files.tests === undefined) continue
    const message = `there is no version \`${version}\`: there is ${known.join(', ')}`
    const path = ['tests', index, 'version']
    reportIn(files.tests, add)({ severity: 'error', path, code: 'FG_CONFIG_TEST', message })
  }
}

/** Two flows of one name: only one could answer. Versions of one flow share theirs. */
function checkTwins(folders: readonly FlowFiles[], add: (issue: Issue) => void): void {
  const seen = new Map<string, FlowFiles>()
  for (const files of folders) {
    const name = nameIn(files.flow)
    if (files.flow === undefined || name === undefined) continue
    const first = seen.get(name) ?? files
    seen.set(name, first)
    if (versionFolder(first.folder).flow === versionFolder(files.folder).flow) continue
    const message = `two flows are named \`${name}\`: the other is in ${first.flow?.file}`
    reportIn(files.flow, add)({ severity: 'error', path: ['flow'], code: 'FG_CONFIG_FLOW_TWICE', message })
  }
}

function nameIn(source: SourceFile | undefined): string | undefined {
  const data = source?.data
  if (typeof data !== 'object' || data === null || !('flow' in data)) return undefined
  return typeof data.flow === 'string' ? data.flow : undefined
}

import type { Kind } from '../../plugin/definition.ts'
import { didYouMean } from '../../value/nearest.ts'
import type { Path, Report } from '../issue.ts'
import type { MappingFile } from '../schema/mapping.ts'

/** What is known of a configured destination: its plugin's kind, `undefined` where the plugin could not be found. */
export type DestinationKinds = ReadonlyMap<string, Kind | undefined>

/** Records go to CRM destinations, notifications to notification destinations. */
export function checkDestinations(file: MappingFile, kinds: DestinationKinds, report: Report): void {
  for (const [index, { to }] of (file.records ?? []).entries()) {
    checkDestination(to, 'crm', ['records', index, 'to'], kinds, report)
  }
  for (const [index, { to }] of (file.notifications ?? []).entries()) {
    checkDestination(to, 'notification', ['notifications', index, 'to'], kinds, report)
  }
}

const TAKES: Readonly<Record<Kind, string>> = {
  crm: 'takes records',
  notification: 'takes notifications',
  source: 'is a source and takes nothing',
}

/** One place that names a destination. A plugin that could not be found is told where it is configured. */
export function checkDestination(
  name: string,
  wanted: 'crm' | 'notification',
  path: Path,
  kinds: DestinationKinds,
  report: Report,
): void {
  if (!kinds.has(name)) {
    const known = kinds.size === 0 ? ': destinations.yaml names none' : didYouMean(name, kinds.keys())
    const message = `there is no destination \`${name}\`${known}`
    report({ severity: 'error', path, code: 'FG_CONFIG_DESTINATION_UNKNOWN', message })
    return
  }
  const kind = kinds.get(name)
  if (kind === undefined || kind === wanted) return
  const need = wanted === 'crm' ? 'a record needs a CRM' : 'this needs a notification destination'
  const message = `destination \`${name}\` ${TAKES[kind]}: ${need}`
  report({ severity: 'error', path, code: 'FG_CONFIG_DESTINATION_KIND', message })
}

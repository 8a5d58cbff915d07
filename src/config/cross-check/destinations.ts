import type { Kind } from '../../plugin/definition.ts'
import { didYouMean } from '../../value/nearest.ts'
import type { Path, Report } from '../issue.ts'
import type { MappingFile } from '../schema/mapping.ts'
import type { RecordFile } from '../schema/record.ts'
import { type MappingItem, notificationsIn, recordsIn } from './mapping-items.ts'

/** What is known of a configured destination: its plugin's kind, `undefined` where the plugin could not be found. */
export type DestinationKinds = ReadonlyMap<string, Kind | undefined>

/** Records go to CRM destinations, notifications to notification destinations. */
export function checkDestinations(file: MappingFile, kinds: DestinationKinds, report: Report): void {
  for (const { raw, at } of recordsIn(file)) checkDestination(raw.to, 'crm', [...at, 'to'], kinds, report)
  for (const { raw, at } of notificationsIn(file))
    checkDestination(raw.to, 'notification', [...at, 'to'], kinds, report)
  checkLinks(recordsIn(file), kinds, report)
}

/** Records are linked within one destination. Where one of the two cannot take records at all, that is the mistake. */
function checkLinks(records: readonly MappingItem<RecordFile>[], kinds: DestinationKinds, report: Report): void {
  const takesRecords = (to: string): boolean => kinds.has(to) && (kinds.get(to) ?? 'crm') === 'crm'
  for (const { raw, at } of records) {
    const { id, to, links = [] } = raw
    for (const [index, link] of links.entries()) {
      const targets = records.map((record) => record.raw).filter((record) => record.id === link)
      const [target] = targets
      // An id that is taken twice is told by the mapping's own compiler.
      if (target === undefined || targets.length > 1 || target.to === to) continue
      if (!takesRecords(to) || !takesRecords(target.to)) continue
      const message = `\`${id}\` goes to \`${to}\` and \`${link}\` to \`${target.to}\`: records are linked within one destination`
      report({ severity: 'error', path: [...at, 'links', index], code: 'FG_CONFIG_LINK', message })
    }
  }
}

const TAKES: Readonly<Record<Kind, string>> = {
  crm: 'takes records',
  notification: 'takes notifications',
  source: 'takes nothing',
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

import { isReadFirst } from '../../map/write-policy.ts'
import type { Ability } from '../../plugin/definition.ts'
import type { FormattedSetting } from '../formatted-settings.ts'
import type { Finding, Path, Report } from '../issue.ts'
import type { RecordFile } from '../schema/record.ts'
import { type MappingItem, notificationsIn, recordsIn } from './mapping-items.ts'
import type { MappingParts } from './parts.ts'

/** What each CRM can do with records of an object, nothing where it has none of that name; `undefined` where nobody can tell. */
export type DestinationAbilities = ReadonlyMap<string, (object: string) => readonly Ability[] | undefined>

/** Mappings ask of CRMs only what these can do with their settings. */
export function checkAbilities(
  { file, mapping, report }: Pick<MappingParts, 'file' | 'mapping' | 'report'>,
  known: DestinationAbilities,
): void {
  for (const [index, item] of recordsIn(file).entries()) {
    const can = known.get(item.raw.to)?.(item.raw.object)
    if (can !== undefined) checkRecord(item, can, readFirst(item.raw, mapping.records[index]?.fields), report)
  }
  for (const { raw, at } of notificationsIn(file)) {
    const owned = typeof raw.recipient === 'object' && raw.recipient !== null ? ownerOf(raw.recipient) : undefined
    const record = recordsIn(file).find((each) => each.raw.id === owned)?.raw
    const can = record && known.get(record.to)?.(record.object)
    if (record === undefined || can === undefined || can.length === 0 || can.includes('owner')) continue
    const message = `destination \`${record.to}\` cannot tell who owns its \`${record.object}\`: the message always goes to whom it would go to without an owner`
    const path = [...at, 'recipient', 'owner_of']
    report({ severity: 'advice', path, code: 'FG_CONFIG_OWNER_UNTOLD', message })
  }
}

/** What a source looks up in a CRM, that CRM can look up. */
export function checkLookUps(
  destination: string,
  objects: readonly FormattedSetting[],
  known: DestinationAbilities,
  report: Report,
): void {
  for (const { text: object, path } of objects) {
    const can = known.get(destination)?.(object)
    if (can === undefined || can.includes('find')) continue
    const message = `destination \`${destination}\` cannot look up records of \`${object}\`, so the source never has an answer: name another destination or object, or add the look-up to its settings where they have one`
    report(unable(path, message))
  }
}

/** The fields of a record, and `keep_before`, for which it is read before it is written. */
function readFirst(raw: RecordFile, fields: MappingParts['mapping']['records'][number]['fields'] | undefined) {
  if (raw.operation === 'create') return []
  const names = [...(fields ?? [])].filter(([name, { writing }]) => name !== raw.match && isReadFirst(writing.policy))
  const places: { readonly what: string; readonly at: Path }[] = names.map(([name]) => ({
    what: `how \`${name}\` is written`,
    at: ['fields', name, 'write'],
  }))
  return raw.keep_before === true ? [...places, { what: 'what `keep_before` keeps', at: ['keep_before'] }] : places
}

function checkRecord(
  { raw, at }: MappingItem<RecordFile>,
  can: readonly Ability[],
  reads: ReturnType<typeof readFirst>,
  report: Report,
): void {
  const { to, object, operation, files = [] } = raw
  const whose = `destination \`${to}\``
  if (can.length === 0) {
    const cure = 'correct `object`, or describe it in the settings of the destination where they name objects'
    report(unable([...at, 'object'], `${whose} has no \`${object}\`: ${cure}`))
    return
  }
  if (!can.includes(operation)) {
    const cure = 'write another `operation`, or add what it needs to the settings of the destination'
    report(unable([...at, 'operation'], `${whose} cannot ${operation} records of \`${object}\`: ${cure}`))
  }
  const [first] = reads
  const lacks = first === undefined ? undefined : LACKS.find(([ability]) => !can.includes(ability))
  if (first !== undefined && lacks !== undefined) {
    const cure = `take \`${first.at.at(-1)}\` out, or add what it needs to the settings of the destination where they have it`
    const why = `${first.what} depends on what stands in the record, and ${whose} cannot ${lacks[1]} records of \`${object}\``
    report(unable([...at, ...first.at], `${why}: ${cure}`))
  }
  if (files.length > 0 && !can.includes('files')) {
    report(unable([...at, 'files'], `${whose} takes no files with \`${object}\`: take \`files\` out`, true))
  }
}

const LACKS: readonly (readonly [Ability, string])[] = [
  ['find', 'look up'],
  ['update', 'change'],
]

function unable(path: Path, message: string, atKey = false): Finding {
  return { severity: 'error', path, code: 'FG_CONFIG_UNABLE', message, ...(atKey ? { atKey } : {}) }
}

function ownerOf(recipient: object): unknown {
  return 'owner_of' in recipient ? recipient.owner_of : undefined
}

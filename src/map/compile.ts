import type { Path, Report } from '../config/issue.ts'
import type { MappingFile } from '../config/schema/mapping.ts'
import { parseDuration } from '../value/duration.ts'
import { compileNotification } from './compile-notification.ts'
import { compileRecord } from './compile-record.ts'
import { mappingHash } from './mapping-hash.ts'
import type { Item, Mapping, NotificationMapping, RecordMapping } from './model.ts'
import { checkReferences, type Draft } from './references.ts'

const DEFAULT_IDENTITY = ['user_id', 'phone', 'email'] as const
const DEFAULT_WINDOW_SECONDS = 300
/** The blocks of a file; what a submission becomes stands at its top. */
const BLOCKS = [
  ['submitted', undefined],
  ['handed_over', 'hand_over'],
  ['expired', 'expired'],
] as const

/** Checks a mapping file once and makes it ready to run. Every mistake is reported; what comes back after errors must not run. */
export function compileMapping(file: MappingFile, report: Report): Mapping {
  const records: Draft<RecordMapping>[] = []
  const notifications: Draft<NotificationMapping>[] = []
  for (const [occasion, key] of BLOCKS) {
    const block = key === undefined ? file : file[key]
    const place = key === undefined ? [] : [key]
    for (const [index, raw] of (block?.records ?? []).entries()) {
      records.push(compileRecord(raw, occasion, report, [...place, 'records', index]))
    }
    for (const [index, raw] of (block?.notifications ?? []).entries()) {
      notifications.push(compileNotification(raw, occasion, report, [...place, 'notifications', index]))
    }
  }
  checkReferences(records, notifications, report)
  const items: readonly Draft<Item>[] = [...records, ...notifications]
  return {
    hash: mappingHash(file),
    content: file,
    identity: names(file.identity ?? DEFAULT_IDENTITY, report, ['identity']),
    dedupe: compileDedupe(file.dedupe ?? {}, report),
    personal: new Set(names(file.personal ?? [], report, ['personal'])),
    records: records.map(({ item }) => item),
    notifications: notifications.map(({ item }) => item),
    occasions: new Set(items.map(({ item }) => item.occasion)),
  }
}

function compileDedupe(raw: NonNullable<MappingFile['dedupe']>, report: Report): Mapping['dedupe'] {
  const path = ['dedupe', 'window']
  const windowSeconds = raw.window === undefined ? DEFAULT_WINDOW_SECONDS : parseDuration(raw.window)
  if (windowSeconds === undefined) {
    const message = `\`${raw.window}\` is not a duration: write \`30s\`, \`5m\`, \`48h\` or \`7d\``
    report({ severity: 'error', path, code: 'FG_CONFIG_DURATION', message })
  }
  if (raw.on_repeat === 'update') {
    const message = '`on_repeat: update` is not available in this version: use `drop` or `new`'
    report({ severity: 'error', path: ['dedupe', 'on_repeat'], code: 'FG_CONFIG_ON_REPEAT', message })
  }
  return {
    windowSeconds: windowSeconds ?? DEFAULT_WINDOW_SECONDS,
    ignore: new Set(names(raw.ignore ?? [], report, ['dedupe', 'ignore'])),
    onRepeat: raw.on_repeat === 'new' ? 'new' : 'drop',
  }
}

/** Names of answers stand without a root: they are not paths. */
function names(raw: readonly string[], report: Report, path: Path): readonly string[] {
  raw.forEach((name, index) => {
    if (!name.includes('.')) return
    const message = `\`${name}\` is a path: write the name alone, \`${name.slice(name.lastIndexOf('.') + 1)}\``
    report({ severity: 'error', path: [...path, index], code: 'FG_CONFIG_NAME', message })
  })
  return raw
}

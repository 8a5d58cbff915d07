import type { Path, Report } from '../config/issue.ts'
import type { MappingFile, NotificationFile, RecordFile } from '../config/schema/mapping.ts'
import { compileCondition } from '../value/condition.ts'
import { parseDuration } from '../value/duration.ts'
import { MAPPING_ROOTS } from '../value/options.ts'
import { compileTemplate } from '../value/template.ts'
import { compileValue } from '../value/value.ts'
import { mappingHash } from './mapping-hash.ts'
import type { Item, Mapping, NotificationMapping, Occasion, RecordMapping } from './model.ts'
import { checkReferences, type Draft, type Reference } from './references.ts'

const DEFAULT_IDENTITY = ['user_id', 'phone', 'email'] as const
const DEFAULT_WINDOW_SECONDS = 300
/** The blocks of a file; what a submission becomes stands at its top. */
const BLOCKS = [
  ['submitted', undefined],
  ['handed_over', 'hand_over'],
  ['expired', 'expired'],
] as const
const OPTIONS = { roots: MAPPING_ROOTS }

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

function compileRecord(raw: RecordFile, occasion: Occasion, report: Report, path: Path): Draft<RecordMapping> {
  const when = condition(raw, report, path)
  const fields = new Map(
    Object.entries(raw.fields).map(([name, value]) => [
      name,
      compileValue(value, report, [...path, 'fields', name], { ...OPTIONS, objects: 'refused', write: true }),
    ]),
  )
  const links = raw.links ?? []
  const references = [
    ...named(raw.after, 'after', path),
    ...named(links, 'links', path),
    ...mentioned(when?.paths, [...path, 'when']),
    ...[...fields].flatMap(([name, value]) => mentioned(value.paths, [...path, 'fields', name])),
  ]
  return {
    path,
    references,
    item: {
      id: raw.id,
      to: raw.to,
      occasion,
      ...(when === undefined ? {} : { when }),
      waitsFor: waitsFor(references),
      object: raw.object,
      operation: raw.operation,
      ...(raw.match === undefined ? {} : { match: raw.match }),
      links,
      fields,
    },
  }
}

function compileNotification(
  raw: NotificationFile,
  occasion: Occasion,
  report: Report,
  path: Path,
): Draft<NotificationMapping> {
  const when = condition(raw, report, path)
  const template = (text: string, ...keys: string[]) => compileTemplate(text, report, [...path, ...keys], OPTIONS)
  const title = template(raw.title, 'title')
  const text = raw.text === undefined ? undefined : template(raw.text, 'text')
  const link = raw.link && { label: raw.link.label, url: template(raw.link.url, 'link', 'url') }
  const facts = Object.entries(raw.facts ?? {}).map(([label, value]) => ({
    label,
    value: compileValue(value, report, [...path, 'facts', label], { ...OPTIONS, objects: 'refused' }),
  }))
  const references = [
    ...named(raw.after, 'after', path),
    ...mentioned(when?.paths, [...path, 'when']),
    ...mentioned(title.paths, [...path, 'title']),
    ...mentioned(text?.paths, [...path, 'text']),
    ...facts.flatMap(({ label, value }) => mentioned(value.paths, [...path, 'facts', label])),
    ...mentioned(link?.url.paths, [...path, 'link', 'url']),
  ]
  return {
    path,
    references,
    item: {
      id: raw.id,
      to: raw.to,
      occasion,
      ...(when === undefined ? {} : { when }),
      waitsFor: waitsFor(references),
      title,
      ...(text === undefined ? {} : { text }),
      facts,
      ...(link === undefined ? {} : { link }),
    },
  }
}

function condition(raw: RecordFile | NotificationFile, report: Report, path: Path) {
  return raw.when === undefined ? undefined : compileCondition(raw.when, report, [...path, 'when'], OPTIONS)
}

function named(ids: readonly string[] | undefined, key: 'after' | 'links', path: Path): readonly Reference[] {
  return (ids ?? []).map((id, index) => ({ id, path: [...path, key, index], by: key }))
}

/** Every `records.<id>…` among the paths of a value. */
function mentioned(paths: readonly string[] | undefined, path: Path): readonly Reference[] {
  return (paths ?? []).flatMap((text) => {
    const [root, id, ...part] = text.split('.')
    return root === 'records' && id !== undefined ? [{ id, path, by: 'value', part: part.join('.') }] : []
  })
}

function waitsFor(references: readonly Reference[]): readonly string[] {
  return [...new Set(references.map(({ id }) => id))]
}

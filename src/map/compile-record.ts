import type { Path, Report } from '../config/issue.ts'
import type { RecordFile } from '../config/schema/record.ts'
import { compileValue } from '../value/value.ts'
import { type Writing, writingOf } from '../value/writing.ts'
import { compileWhen, ITEM_OPTIONS, mentioned, named, waitsFor } from './item.ts'
import type { Occasion, RecordField, RecordMapping } from './model.ts'
import type { Draft } from './references.ts'

/** Checks one record of a mapping file and makes it ready to run. */
export function compileRecord(raw: RecordFile, occasion: Occasion, report: Report, path: Path): Draft<RecordMapping> {
  const when = compileWhen(raw, report, path)
  const fields = new Map(
    Object.entries(raw.fields).map(([name, value]): [string, RecordField] => [
      name,
      {
        ...compileValue(value, report, [...path, 'fields', name], { ...ITEM_OPTIONS, objects: 'refused', write: true }),
        writing: writingOf(value),
      },
    ]),
  )
  checkWritings(raw, fields, report, path)
  const files = (raw.files ?? []).map((value, index) =>
    compileValue(value, report, [...path, 'files', index], { ...ITEM_OPTIONS, objects: 'refused' }),
  )
  const links = raw.links ?? []
  const references = [
    ...named(raw.after, 'after', path),
    ...named(links, 'links', path),
    ...mentioned(when?.paths, [...path, 'when']),
    ...[...fields].flatMap(([name, value]) => mentioned(value.paths, [...path, 'fields', name])),
    ...files.flatMap((value, index) => mentioned(value.paths, [...path, 'files', index])),
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
      keepBefore: raw.keep_before ?? false,
      files,
    },
  }
}

/** What a field that finds the record can never be: changed by what was found. */
const NOT_OF_MATCH: readonly Writing['policy'][] = ['append', 'forward_only']

function checkWritings(
  { operation, match, keep_before }: RecordFile,
  fields: ReadonlyMap<string, RecordField>,
  report: Report,
  path: Path,
): void {
  const refuse = (at: Path, message: string) =>
    report({ severity: 'error', path: at, code: 'FG_CONFIG_WRITE', message })
  if (keep_before && operation === 'create')
    refuse([...path, 'keep_before'], '`keep_before` belongs to `operation: upsert`: nothing stands in what is created')
  const writing = match === undefined ? undefined : fields.get(match)?.writing
  if (match === undefined || writing === undefined) return
  const { policy, clear } = writing
  const at = [...path, 'fields', match]
  if (NOT_OF_MATCH.includes(policy))
    refuse([...at, 'write'], `\`${match}\` finds the record, so it cannot be written with \`${policy}\``)
  if (clear) refuse([...at, 'clear'], `\`${match}\` finds the record, so it is never blank and never cleared`)
}

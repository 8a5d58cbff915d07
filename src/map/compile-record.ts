import type { Path, Report } from '../config/issue.ts'
import type { RecordFile } from '../config/schema/record.ts'
import { compileValue } from '../value/value.ts'
import { compileWhen, ITEM_OPTIONS, mentioned, named, waitsFor } from './item.ts'
import type { Occasion, RecordMapping } from './model.ts'
import type { Draft } from './references.ts'

/** Checks one record of a mapping file and makes it ready to run. */
export function compileRecord(raw: RecordFile, occasion: Occasion, report: Report, path: Path): Draft<RecordMapping> {
  const when = compileWhen(raw, report, path)
  const fields = new Map(
    Object.entries(raw.fields).map(([name, value]) => [
      name,
      compileValue(value, report, [...path, 'fields', name], { ...ITEM_OPTIONS, objects: 'refused', write: true }),
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

import type { Path, Report } from '../config/issue.ts'
import type { NotificationFile } from '../config/schema/notification.ts'
import type { RecordFile } from '../config/schema/record.ts'
import { compileCondition } from '../value/condition.ts'
import { MAPPING_ROOTS } from '../value/options.ts'
import type { Reference } from './references.ts'

/** What is legal in values of records and notifications. */
export const ITEM_OPTIONS = { roots: MAPPING_ROOTS }

/** Compiles the condition under which an item is delivered. */
export function compileWhen(raw: RecordFile | NotificationFile, report: Report, path: Path) {
  return raw.when === undefined ? undefined : compileCondition(raw.when, report, [...path, 'when'], ITEM_OPTIONS)
}

/** References to records by their ids. */
export function named(ids: readonly string[] | undefined, key: 'after' | 'links', path: Path): readonly Reference[] {
  return (ids ?? []).map((id, index) => ({ id, path: [...path, key, index], by: key }))
}

/** Every `records.<id>…` among the paths of a value. */
export function mentioned(paths: readonly string[] | undefined, path: Path): readonly Reference[] {
  return (paths ?? []).flatMap((text) => {
    const [root, id, ...part] = text.split('.')
    return root === 'records' && id !== undefined ? [{ id, path, by: 'value', part: part.join('.') }] : []
  })
}

/** Ids of the records that an item with these references waits for. */
export function waitsFor(references: readonly Reference[]): readonly string[] {
  return [...new Set(references.map(({ id }) => id))]
}

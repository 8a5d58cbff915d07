import type { Path } from '../issue.ts'
import type { MappingFile } from '../schema/mapping.ts'
import type { NotificationFile } from '../schema/notification.ts'
import type { RecordFile } from '../schema/record.ts'

/** One record or notification of a mapping, whatever the occasion, and where it stands. */
export interface MappingItem<File> {
  readonly raw: File
  readonly at: Path
}

/** All records of a mapping in the order in which it compiles them: of submissions, of hand-overs, of expired forms. */
export function recordsIn(file: MappingFile): readonly MappingItem<RecordFile>[] {
  return BLOCKS.flatMap((block) => itemsOf(blockOf(file, block)?.records, [...at(block), 'records']))
}

/** All notifications, as `recordsIn`. */
export function notificationsIn(file: MappingFile): readonly MappingItem<NotificationFile>[] {
  return BLOCKS.flatMap((block) => itemsOf(blockOf(file, block)?.notifications, [...at(block), 'notifications']))
}

/** `undefined` is the top level: what a submission becomes. */
const BLOCKS = [undefined, 'hand_over', 'expired'] as const
type Block = (typeof BLOCKS)[number]

function blockOf(file: MappingFile, block: Block) {
  return block === undefined ? file : file[block]
}

function at(block: Block): Path {
  return block === undefined ? [] : [block]
}

function itemsOf<File>(items: readonly File[] | undefined, path: Path): readonly MappingItem<File>[] {
  return (items ?? []).map((raw, index) => ({ raw, at: [...path, index] }))
}

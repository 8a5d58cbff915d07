import type { Path, Report } from '../config/issue.ts'
import { didYouMean, nearest } from '../value/nearest.ts'
import { checkCircles } from './circles.ts'
import type { Item, NotificationMapping, Occasion, RecordMapping } from './model.ts'

/** One place in a file that names a record. */
export interface Reference {
  readonly id: string
  readonly path: Path
  /** The key that names it, or a value, template or condition that refers to it. */
  readonly by: 'after' | 'links' | 'value'
  /** What a value asks of the record: what stands behind `records.<id>.`; empty for all of it. */
  readonly part?: string
}

/** A compiled item, where it stands, and every record it names. */
export interface Draft<Compiled extends Item> {
  readonly path: Path
  readonly references: readonly Reference[]
  readonly item: Compiled
}

type Records = readonly Draft<RecordMapping>[]

/** What is known of a record that was delivered. */
const RECEIPT = ['id', 'url', 'outcome']
const ALSO_CALLED: ReadonlyMap<string, string> = new Map([
  ['link', 'url'],
  ['href', 'url'],
  ['status', 'outcome'],
])

const WRITTEN: Readonly<Record<Occasion, string>> = {
  submitted: 'when a form is submitted',
  handed_over: 'when a person is handed over (`hand_over`)',
  expired: 'when a form is opened after its end (`expired`)',
}

/** Checks what records and notifications say about one another: ids, references, matches and circles. */
export function checkReferences(
  records: Records,
  notifications: readonly Draft<NotificationMapping>[],
  report: Report,
): void {
  const drafts = [...records, ...notifications]
  const unique = checkIds(drafts, report)
  const all = new Map(records.map(({ item }) => [item.id, item.occasion]))
  const messages = new Set(notifications.map(({ item }) => item.id))
  for (const { item, references } of drafts) {
    for (const reference of references) {
      // Where an id is taken twice, the one that nobody has is most likely what the second should be.
      if (!unique && !all.has(reference.id) && !messages.has(reference.id)) continue
      const wrong = faultOf(reference, item.occasion, all, messages)
      if (wrong !== undefined)
        report({ severity: 'error', path: reference.path, code: 'FG_CONFIG_RECORD', message: wrong })
    }
  }
  for (const draft of records) checkMatch(draft, report)
  if (!unique) return
  for (const occasion of new Set(all.values())) {
    checkCircles(
      records.filter(({ item }) => item.occasion === occasion),
      report,
    )
  }
}

function faultOf(
  { id, part = '' }: Reference,
  occasion: Occasion,
  all: ReadonlyMap<string, Occasion>,
  messages: ReadonlySet<string>,
): string | undefined {
  if (messages.has(id)) return `\`${id}\` is a notification: only records can be waited for or linked to`
  const its = all.get(id)
  if (its === undefined) {
    const known = [...all].filter(([, each]) => each === occasion).map(([name]) => name)
    return `there is no record \`${id}\`${didYouMean(id, known)}`
  }
  if (its !== occasion) {
    return `\`${id}\` is written ${WRITTEN[its]}, and this is what happens ${WRITTEN[occasion]}: only records of the same occasion can be waited for, linked to or referred to`
  }
  if (part === '' || RECEIPT.includes(part)) return undefined
  const meant = ALSO_CALLED.get(part) ?? nearest(part, RECEIPT)
  const hint = meant === undefined ? '' : `: did you mean \`${meant}\`?`
  return `\`records.${id}.${part}\` is always absent: a delivered record has id, url and outcome${hint}`
}

/** Whether every id is used once. */
function checkIds(drafts: readonly Draft<Item>[], report: Report): boolean {
  const seen = new Set<string>()
  for (const { item, path } of drafts) {
    if (seen.has(item.id)) {
      const message = `the id \`${item.id}\` is taken: every record and notification of a mapping has its own`
      report({ severity: 'error', path: [...path, 'id'], code: 'FG_CONFIG_DUPLICATE_ID', message })
    }
    seen.add(item.id)
  }
  return seen.size === drafts.length
}

function checkMatch({ item, path }: Draft<RecordMapping>, report: Report): void {
  const fault = (at: Path, message: string) => report({ severity: 'error', path: at, code: 'FG_CONFIG_MATCH', message })
  if (item.operation === 'create') {
    if (item.match !== undefined)
      fault([...path, 'match'], '`match` belongs to `operation: upsert`: a create looks for nothing')
  } else if (item.match === undefined) {
    fault(
      path,
      `the upsert of \`${item.id}\` needs \`match\`: the field that finds the record, such as \`match: email\``,
    )
  } else if (!item.fields.has(item.match)) {
    const hint = didYouMean(item.match, item.fields.keys())
    fault([...path, 'match'], `\`match: ${item.match}\` is not among the fields of \`${item.id}\`${hint}`)
  }
}

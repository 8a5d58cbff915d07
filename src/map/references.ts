import type { Path, Report } from '../config/issue.ts'
import { didYouMean } from '../value/nearest.ts'
import type { Item, NotificationMapping, RecordMapping } from './model.ts'

/** One place in a file that names a record. */
export interface Reference {
  readonly id: string
  readonly path: Path
}

/** A compiled item, where it stands, and every record it names. */
export interface Draft<Compiled extends Item> {
  readonly path: Path
  readonly references: readonly Reference[]
  readonly item: Compiled
}

type Records = readonly Draft<RecordMapping>[]

/** Checks what records and notifications say about one another: ids, links, matches and circles. */
export function checkReferences(
  records: Records,
  notifications: readonly Draft<NotificationMapping>[],
  report: Report,
): void {
  const drafts = [...records, ...notifications]
  checkIds(drafts, report)
  const known = new Set(records.map(({ item }) => item.id))
  const messages = new Set(notifications.map(({ item }) => item.id))
  for (const { references } of drafts) {
    for (const { id, path } of references) {
      if (known.has(id)) continue
      const message = messages.has(id)
        ? `\`${id}\` is a notification: only records can be waited for or linked to`
        : `there is no record \`${id}\`${didYouMean(id, known)}`
      report({ severity: 'error', path, code: 'FG_CONFIG_RECORD', message })
    }
  }
  for (const draft of records) {
    checkMatch(draft, report)
    checkLinks(draft, records, report)
  }
  checkCircles(records, report)
}

function checkIds(drafts: readonly Draft<Item>[], report: Report): void {
  const seen = new Set<string>()
  for (const { item, path } of drafts) {
    if (seen.has(item.id)) {
      const message = `the id \`${item.id}\` is taken: every record and notification of a mapping has its own`
      report({ severity: 'error', path: [...path, 'id'], code: 'FG_CONFIG_DUPLICATE_ID', message })
    }
    seen.add(item.id)
  }
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

function checkLinks({ item, path }: Draft<RecordMapping>, records: Records, report: Report): void {
  item.links.forEach((id, index) => {
    const target = records.find((record) => record.item.id === id)?.item
    if (target === undefined || target.to === item.to) return
    const message = `\`${item.id}\` goes to \`${item.to}\` and \`${id}\` to \`${target.to}\`: records are linked within one destination`
    report({ severity: 'error', path: [...path, 'links', index], code: 'FG_CONFIG_LINK', message })
  })
}

/** Each circle is reported once, at the reference that closes it. */
function checkCircles(records: Records, report: Report): void {
  const byId = new Map(records.map((draft) => [draft.item.id, draft]))
  const done = new Set<string>()
  const visit = (id: string, trail: readonly string[]): void => {
    // A record may be named in several places: the first is where the circle is shown.
    const named = new Map(
      byId
        .get(id)
        ?.references.toReversed()
        .map((reference) => [reference.id, reference]),
    )
    for (const reference of named.values()) {
      const from = trail.indexOf(reference.id)
      if (from >= 0) {
        const circle = [...trail.slice(from), reference.id].map((name) => `\`${name}\``)
        const message = `records wait for one another in a circle: ${circle.join(' → ')}`
        report({ severity: 'error', path: reference.path, code: 'FG_CONFIG_CIRCLE', message })
      } else if (!done.has(reference.id)) {
        visit(reference.id, [...trail, reference.id])
      }
    }
    done.add(id)
  }
  for (const { item } of records) if (!done.has(item.id)) visit(item.id, [item.id])
}

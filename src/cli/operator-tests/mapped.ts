import { type Flow, flowScope } from '../../flow/model.ts'
import { type Session, sessionScope } from '../../flow/session.ts'
import type { Item, Mapping, NotificationMapping, Occasion, RecordMapping } from '../../map/model.ts'
import { mapNotification } from '../../map/notification.ts'
import { mapRecord } from '../../map/record.ts'
import type { DeliveredRecord, MappingScope, MapResult } from '../../map/result.ts'
import type { Message } from '../../plugin/index.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'

/** What a submission of one occasion becomes, by the id of the record or notification: its fields, or `null` where its `when` leaves it out. */
export interface Mapped {
  readonly items: ReadonlyMap<string, JsonObject | null>
  readonly problems: readonly string[]
}

/** Maps a session that came to one of its ends with the gateway's own code. Records count as delivered under invented ids and links. */
export async function mapSession(flow: Flow, mapping: Mapping, session: Session, occasion: Occasion): Promise<Mapped> {
  const ofOccasion = (item: Item): boolean => item.occasion === occasion
  const scope: MappingScope = {
    form: session.form,
    person: session.person,
    session: { ...sessionScope(session, flow.dayOf(session.updatedAt)), path: session.path },
    flow: flowScope(flow),
    data: {},
  }
  const items = new Map<string, JsonObject | null>()
  const problems: string[] = []
  const delivered = new Map<string, DeliveredRecord>()
  for (const record of inOrder(mapping.records.filter(ofOccasion))) {
    const result = await mapRecord(record, scope, delivered)
    if (result.kind === 'mapped') delivered.set(record.id, inventReceipt(record))
    note(record, result, (input) => input.fields, items, problems)
  }
  for (const notification of mapping.notifications.filter(ofOccasion)) {
    const result = await mapNotification(notification, scope, delivered)
    note(notification, result, (message) => messageFields(notification, message), items, problems)
  }
  return { items, problems }
}

function note<Input>(
  item: Item,
  result: MapResult<Input>,
  fieldsOf: (input: Input) => JsonObject,
  items: Map<string, JsonObject | null>,
  problems: string[],
): void {
  if (result.kind === 'mapped') items.set(item.id, fieldsOf(result.input))
  if (result.kind === 'skipped') items.set(item.id, null)
  if (result.kind === 'failed') problems.push(`${item.id} cannot be mapped: ${result.failure.message}`)
}

/** Records after those they wait for. A circle cannot be: loading refuses it. */
function inOrder(records: readonly RecordMapping[]): readonly RecordMapping[] {
  const ordered: RecordMapping[] = []
  let open = [...records]
  while (open.length > 0) {
    const ready = open.filter(({ waitsFor }) => open.every(({ id }) => !waitsFor.includes(id)))
    if (ready.length === 0) return [...ordered, ...open]
    ordered.push(...ready)
    open = open.filter((record) => !ready.includes(record))
  }
  return ordered
}

function inventReceipt({ id, object }: RecordMapping): DeliveredRecord {
  const url = `https://crm.example/${object}/${id}`
  return { object, receipt: { outcome: 'created', id: `test-${id}`, url } }
}

/** A message as an operator expects it: facts by their label, and whom it is for as the mapping says it. */
function messageFields(
  notification: NotificationMapping,
  { title, text, facts, link, recipient }: Message,
): JsonObject {
  const fields: Record<string, Json> = { title }
  if (text !== undefined) fields['text'] = text
  if (link !== undefined) fields['link'] = { label: link.label, url: link.url }
  const wanted = notification.recipient
  if (wanted?.kind === 'owner') {
    fields['recipient'] = {
      owner_of: wanted.record,
      ...(wanted.otherwise === undefined ? {} : { default: wanted.otherwise }),
    }
  } else if (wanted?.kind === 'person') fields['recipient'] = { person: wanted.by }
  else if (recipient?.kind === 'named') fields['recipient'] = recipient.name
  fields['facts'] = Object.fromEntries(facts.map(({ label, value }) => [label, value]))
  return fields
}

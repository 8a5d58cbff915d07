import type { Failure, Message, Recipient } from '../plugin/index.ts'
import type { Json } from '../plugin/json.ts'
import type { CompiledValue } from '../value/scope.ts'
import { asText, isBlank } from '../value/text.ts'
import type { ValueError } from '../value/value-error.ts'
import type { NotificationMapping } from './model.ts'
import { type DeliveredRecords, type MappingScope, type MapResult, withRecords } from './result.ts'
import { mapFailure, workOut } from './work-out.ts'

/** What of a message is asked for. `late`: what can be said before its records are confirmed. */
export type MessageStage = 'whole' | 'late'

/**
 * Makes the message of one submission. Never rejects because of a person's answers: that is a `failed` result. The owner of
 * a record is not known here: in the owner's place stands whom to tell instead.
 */
export async function mapNotification(
  notification: NotificationMapping,
  scope: MappingScope,
  delivered: DeliveredRecords,
  stage: MessageStage = 'whole',
): Promise<MapResult<Message>> {
  const whole = withRecords(scope, delivered)
  if (notification.when !== undefined && !notification.when.test(whole)) return { kind: 'skipped', because: 'when' }
  const late = stage === 'late'
  const early = (path: string) => ofRecord(path) && !delivered.has(path.split('.')[1] ?? '')
  const parts = partsOf(notification).filter(([name, { paths }]) => !(late && name === 'link' && paths.some(early)))
  const { values, faults: all } = await workOut(parts, whole)
  const faults = late ? withoutRecords(all, parts) : all
  if (faults.size > 0) return { kind: 'failed', failure: mapFailure(`notification \`${notification.id}\``, faults) }
  const recipient = recipientOf(notification, values, scope)
  if (recipient === 'absent') return { kind: 'failed', failure: recipientFailure(notification) }
  const text = textAt(values, 'text')
  const url = textAt(values, 'link')
  // Of a message that says its records are not confirmed, another one's fate would contradict it.
  const record = late ? undefined : newOrKnown(notification, delivered)
  return {
    kind: 'mapped',
    input: {
      // A title of absent paths only would leave nothing to see in a channel: the flow's title stands in.
      title: textAt(values, 'title') ?? asText(whole.flow['title'] ?? notification.id),
      ...(text === undefined ? {} : { text }),
      facts: notification.facts.flatMap(({ label }) => {
        const value = textAt(values, `facts.${label}`)
        return value === undefined ? [] : [{ label, value }]
      }),
      ...(notification.link === undefined || url === undefined
        ? {}
        : { link: { label: notification.link.label, url } }),
      ...(record === undefined ? {} : { record }),
      ...(recipient === undefined ? {} : { recipient }),
      ...(late ? { late } : {}),
    },
  }
}

function partsOf(notification: NotificationMapping): readonly (readonly [string, CompiledValue])[] {
  const { title, text, link, facts, recipient } = notification
  return [
    ['title', title],
    ...(text === undefined ? [] : [['text', text] as const]),
    ...(link === undefined ? [] : [['link', link.url] as const]),
    ...facts.map(({ label, value }) => [`facts.${label}`, value] as const),
    ...(recipient?.kind === 'named' ? [['recipient', recipient.name] as const] : []),
  ]
}

/** What cannot be worked out only because a record is not there yet is left out of a late message, and tried again for the whole one. */
function withoutRecords(
  faults: ReadonlyMap<string, ValueError>,
  parts: readonly (readonly [string, CompiledValue])[],
): ReadonlyMap<string, ValueError> {
  const early = new Set(parts.filter(([, { paths }]) => paths.some(ofRecord)).map(([name]) => name))
  return new Map([...faults].filter(([name]) => !early.has(name)))
}

function ofRecord(path: string): boolean {
  return path === 'records' || path.startsWith('records.')
}

/** `undefined`: the destination's own choice. `absent`: the person has no such address. */
function recipientOf(
  { recipient }: NotificationMapping,
  values: ReadonlyMap<string, Json>,
  { person }: MappingScope,
): Recipient | 'absent' | undefined {
  switch (recipient?.kind) {
    case undefined:
      return undefined
    case 'named': {
      const name = textAt(values, 'recipient')?.trim()
      return name === undefined ? undefined : { kind: 'named', name }
    }
    case 'owner':
      return recipient.otherwise === undefined ? undefined : { kind: 'named', name: recipient.otherwise }
    case 'person': {
      // Only what the token or WhatsApp brought: an address typed into a form is nobody's until it is verified.
      const address = Object.hasOwn(person, recipient.by) ? person[recipient.by] : undefined
      if (isBlank(address)) return 'absent'
      return { kind: 'person', [recipient.by]: asText(address) }
    }
  }
}

function recipientFailure({ id, recipient }: NotificationMapping): Failure {
  const by = recipient?.kind === 'person' ? recipient.by : 'address'
  const message = `notification \`${id}\`: it is for the person, whose \`person.${by}\` is not known. Add \`when: { person.${by}: { exists: true } }\`, or name another recipient, then replay.`
  return { kind: 'permanent', scope: 'record', code: 'FG_MAP_RECIPIENT_ABSENT', message, fields: ['recipient'] }
}

function textAt(values: ReadonlyMap<string, Json>, name: string): string | undefined {
  const value = values.get(name)
  return value === undefined ? undefined : asText(value)
}

/** What the message is about: the first record it waited for that was delivered. */
function newOrKnown(notification: NotificationMapping, delivered: DeliveredRecords): 'new' | 'known' | undefined {
  for (const id of notification.waitsFor) {
    const outcome = delivered.get(id)?.receipt.outcome
    if (outcome === 'created') return 'new'
    if (outcome === 'updated' || outcome === 'unchanged') return 'known'
  }
  return undefined
}

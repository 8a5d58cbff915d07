import type { Message } from '../plugin/index.ts'
import type { Json } from '../plugin/json.ts'
import type { CompiledValue } from '../value/scope.ts'
import { asText } from '../value/text.ts'
import type { NotificationMapping } from './model.ts'
import { type DeliveredRecords, type MappingScope, type MapResult, withRecords } from './result.ts'
import { mapFailure, workOut } from './work-out.ts'

/** Makes the message of one submission. Never rejects because of a person's answers: that is a `failed` result. */
export async function mapNotification(
  notification: NotificationMapping,
  scope: MappingScope,
  delivered: DeliveredRecords,
): Promise<MapResult<Message>> {
  const whole = withRecords(scope, delivered)
  if (notification.when !== undefined && !notification.when.test(whole)) return { kind: 'skipped', because: 'when' }
  const { values, faults } = await workOut(partsOf(notification), whole)
  if (faults.size > 0) return { kind: 'failed', failure: mapFailure(`notification \`${notification.id}\``, faults) }
  const text = textAt(values, 'text')
  const url = textAt(values, 'link')
  const record = newOrKnown(notification, delivered)
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
    },
  }
}

function partsOf(notification: NotificationMapping): readonly (readonly [string, CompiledValue])[] {
  const { title, text, link, facts } = notification
  return [
    ['title', title],
    ...(text === undefined ? [] : [['text', text] as const]),
    ...(link === undefined ? [] : [['link', link.url] as const]),
    ...facts.map(({ label, value }) => [`facts.${label}`, value] as const),
  ]
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

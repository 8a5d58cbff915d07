import { type Call, type JsonObject, type Message, shorten } from 'flowgate/plugin'
import { openable } from '../deliveries/link.ts'
import { type Markup, STYLES } from './markup.ts'

/** Places that a request for a message may hold. */
export const MESSAGE_PLACES = [
  'message.title',
  'message.text',
  'message.facts',
  'message.fact_list',
  'message.link',
  'message.link_label',
  'message.record',
  'message.note',
  'message.body',
  'recipient',
  'key',
]

// Characters. A form's long answer must not cost sales the message: channels refuse what is too long.
const TITLE_LIMIT = 300
const TEXT_LIMIT = 3_000
const VALUE_LIMIT = 1_000
const LABEL_LIMIT = 100
const LINK_LIMIT = 2_500

const LATE = 'The CRM has not confirmed the record yet; the link follows.'
/** With a link, to what is there already. */
const LATE_BESIDE_LINK = 'The CRM has not confirmed every record yet; the rest follows.'

/** What the places of a message are filled with. `places`: those that the request has, so that a note is never lost. */
export function messageScope(
  message: Message,
  recipient: string | undefined,
  call: Call,
  { markup, places }: { readonly markup: Markup; readonly places: readonly string[] },
): JsonObject {
  const { escape: escaped, strong, link: linkText, lineBreak, indent, paragraph } = STYLES[markup]
  const completing = message.completes !== undefined
  const note = noteOf(message, call)
  const shown = completing ? `Now in the CRM: ${message.title}` : message.title
  // Whoever reads only a title must read that it may be a repeat.
  const noted = places.includes('message.note') || places.includes('message.body')
  const title = escaped(
    oneLine(`${shown}${note !== undefined && !noted ? ` (${note})` : ''}`, TITLE_LIMIT) || 'Notification',
  )
  const bare = escaped(oneLine(shown, TITLE_LIMIT) || 'Notification')
  const typed = completing ? '' : escaped(shorten(message.text?.trim() ?? '', TEXT_LIMIT))
  const text = typed.replaceAll(lineBreak, lineBreak + indent)
  const facts = completing ? [] : message.facts
  const factList = facts.map(({ label, value }) => ({
    label: escaped(oneLine(label, LABEL_LIMIT)),
    value: escaped(oneLine(value, VALUE_LIMIT)),
  }))
  const lines = factList.map(({ label, value }) => `${label}: ${value}`).join(lineBreak)
  const url = (message.link?.url.length ?? 0) > LINK_LIMIT ? undefined : openable(message.link?.url)
  const label = escaped(oneLine(message.link?.label ?? '', LABEL_LIMIT) || 'Open')
  const record = message.record === undefined ? '' : message.record === 'new' ? 'New record' : 'Known record'
  const foot = [record, note ?? ''].filter((line) => line !== '').map(escaped)
  const body = [strong(bare), text, lines, url === undefined ? '' : linkText(label, url), foot.join(lineBreak)]
  const values = {
    title,
    text,
    facts: lines,
    link: url ?? '',
    link_label: url === undefined ? '' : label,
    record: escaped(record),
    note: escaped(note ?? ''),
    body: body.filter((part) => part !== '').join(paragraph),
  }
  const present = Object.entries(values).filter(([, value]) => value !== '')
  return {
    message: { ...Object.fromEntries(present), ...(factList.length === 0 ? {} : { fact_list: factList }) },
    key: call.idempotencyKey,
    ...(recipient === undefined ? {} : { recipient }),
  }
}

/** What is to be said of the message itself. */
function noteOf({ late, link, completes }: Message, call: Call): string | undefined {
  const notes = [
    ...(late === true ? [link === undefined ? LATE : LATE_BESIDE_LINK] : []),
    ...(completes === undefined ? [] : ['This completes the earlier message.']),
    ...(call.resend ? ['Possibly sent twice.'] : []),
  ]
  return notes.length === 0 ? undefined : notes.join(' ')
}

/** On one line, so that no answer can look like another fact. */
function oneLine(text: string, limit: number): string {
  return shorten(
    text
      .replace(/\s*[\r\n\u2028\u2029]+\s*/gu, ' / ')
      .replace(/\s+/gu, ' ')
      .trim(),
    limit,
  )
}

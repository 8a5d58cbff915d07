import { type Message, oneLine, shorten } from 'flowgate/plugin'
import { escapeMrkdwn, mrkdwnLink } from './escape.ts'

interface Text {
  readonly type: 'plain_text' | 'mrkdwn'
  readonly text: string
}

/** The blocks this plugin writes, as Block Kit names them. */
export type Block =
  | { type: 'header'; text: { type: 'plain_text'; text: string } }
  | { type: 'section'; text: Text }
  | { type: 'section'; fields: Text[] }
  | { type: 'context'; elements: Text[] }

/** Limits of Block Kit, in characters (the documentation comments of @slack/types). */
const headerLimit = 150
const textLimit = 3_000
const fieldLimit = 2_000
const fieldsPerSection = 10

/**
 * Slack refuses all blocks of a message together near 13,200 characters of JSON, although each is legal
 * (slackapi/bolt-js#2509). We stay below with a margin.
 */
const wholeLimit = 12_000

/** A link longer than this is left out: it is no address of a record any more. */
const linkLimit = 2_500

/** A fact's label is cut to this. */
const labelLimit = 75

/** A note of ours, which may hold a name, is cut to this. */
const noteLimit = 200

/** More facts than this never fit into `wholeLimit`, however short they are. */
const mostFacts = 300

/** Added to a message that may have been sent before. */
const possiblySentTwice = '(possibly sent twice)'

interface Caps {
  readonly text: number
  readonly field: number
  readonly facts: number
}

/** A message as Slack takes it: the blocks people read and the line that notifications show. */
export interface SlackText {
  readonly blocks: Block[]
  readonly text: string
}

/** What a message says besides its content. */
export interface Remarks {
  /** It may have been sent before, and must say so visibly. */
  readonly mark?: boolean
  /** Words of ours at its end. */
  readonly notes?: readonly string[]
}

/** What a message says that goes before its record is confirmed. */
const lateNote = 'The CRM has not confirmed the record yet; the link follows.'
/** With a link, to what is there already. */
const lateNoteBesideLink = 'The CRM has not confirmed every record yet; the rest follows.'

/**
 * Lays a message out for Slack. Whatever a person may have typed stays plain text, and what is too long for Slack
 * ends in an ellipsis.
 */
export function layOut(message: Message, { mark = false, notes = [] }: Remarks = {}): SlackText {
  let caps: Caps = { text: textLimit, field: fieldLimit, facts: Math.min(message.facts.length, mostFacts) }
  let blocks = build(message, { mark, notes }, caps)
  while (JSON.stringify(blocks).length > wholeLimit) {
    caps = tighten(caps)
    blocks = build(message, { mark, notes }, caps)
  }
  return { blocks, text: escapeMrkdwn(headline(message, mark)) }
}

/** Shortens texts first, to something still readable; then leaves facts out from the end. */
function tighten(caps: Caps): Caps {
  if (caps.field > 60) return { ...caps, text: Math.max(caps.text / 2, 200), field: Math.max(caps.field / 2, 60) }
  return { ...caps, facts: Math.floor(caps.facts * 0.8) }
}

function build(message: Message, { mark, notes: ours }: Required<Remarks>, caps: Caps): Block[] {
  const blocks: Block[] = [{ type: 'header', text: { type: 'plain_text', text: headline(message, mark) } }]
  // Slack refuses a whole message for one text of which nothing is left.
  const text = plain(message.text ?? '', caps.text)
  if (text.text.trim() !== '') blocks.push({ type: 'section', text })
  const fields = message.facts
    .slice(0, caps.facts)
    .map((fact) => plain(`${oneLine(shorten(fact.label, labelLimit)) || '–'}\n${fact.value}`, caps.field))
  for (let index = 0; index < fields.length; index += fieldsPerSection) {
    blocks.push({ type: 'section', fields: fields.slice(index, index + fieldsPerSection) })
  }
  if (message.link) blocks.push({ type: 'section', text: linkText(message.link) })
  const notes = contextNotes(message, ours, caps)
  if (notes) blocks.push({ type: 'context', elements: [plain(notes, textLimit)] })
  return blocks
}

function headline(message: Message, mark: boolean): string {
  const suffix = mark ? ` ${possiblySentTwice}` : ''
  return (
    shorten(oneLine(shorten(message.title, headerLimit * 2)) || 'Notification', headerLimit - suffix.length) + suffix
  )
}

function linkText(link: { readonly label: string; readonly url: string }): Text {
  const label = oneLine(shorten(link.label, labelLimit)) || 'Open'
  const linked = link.url.length <= linkLimit ? mrkdwnLink(link.url, label) : undefined
  if (linked !== undefined && linked.length <= linkLimit) return { type: 'mrkdwn', text: linked }
  return plain(`${label}: ${oneLine(shorten(link.url, 200))}`, 300)
}

function contextNotes(message: Message, ours: readonly string[], caps: Caps): string {
  const notes: string[] = []
  if (message.late) notes.push(message.link ? lateNoteBesideLink : lateNote)
  if (message.record === 'new') notes.push('New record')
  if (message.record === 'known') notes.push('Known record')
  notes.push(...ours.map((note) => oneLine(shorten(note, noteLimit))))
  const leftOut = message.facts.length - caps.facts
  if (leftOut > 0) notes.push(`${leftOut} more left out: the message was too long for Slack`)
  return notes.join(' · ')
}

function plain(text: string, limit: number): Text {
  return { type: 'plain_text', text: shorten(text, limit) }
}

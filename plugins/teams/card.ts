import { type Message, oneLine, shorten } from 'flowgate/plugin'
import { plainMarkdown } from './markdown.ts'

/** The elements of an Adaptive Card 1.5 that this plugin writes. */
export type CardElement =
  | {
      readonly type: 'TextBlock'
      readonly text: string
      readonly wrap: true
      readonly style?: 'heading'
      readonly size?: 'Medium'
      readonly weight?: 'Bolder'
      readonly isSubtle?: true
    }
  | { readonly type: 'FactSet'; readonly facts: readonly { readonly title: string; readonly value: string }[] }

/** An Adaptive Card as this plugin writes it. */
export interface Card {
  readonly type: 'AdaptiveCard'
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json'
  readonly version: '1.5'
  /** Shown by clients that cannot show cards. Plain text. */
  readonly fallbackText: string
  readonly body: readonly CardElement[]
  readonly actions?: readonly { readonly type: 'Action.OpenUrl'; readonly title: string; readonly url: string }[]
}

/** What a workflow made for webhooks takes. */
export interface WorkflowMessage {
  readonly type: 'message'
  readonly attachments: readonly [
    {
      readonly contentType: 'application/vnd.microsoft.card.adaptive'
      readonly contentUrl: null
      readonly content: Card
    },
  ]
}

/**
 * Bytes of JSON. A message over 28 KB is accepted and then fails inside the workflow, where nobody hears of it:
 * https://learn.microsoft.com/connectors/teams. We stay below, for the workflow adds words of its own.
 */
const wholeLimit = 25_000

const titleLimit = 150
const labelLimit = 75
const linkLimit = 2_000
const mostFacts = 100

const possiblySentTwice = '(possibly sent twice)'
const lateNote = 'The CRM has not confirmed the record yet; the link follows.'
/** With a link, to what is there already. */
const lateNoteBesideLink = 'The CRM has not confirmed every record yet; the rest follows.'
const completesNote = 'This completes the message sent before: the CRM has confirmed the record.'

interface Caps {
  readonly text: number
  readonly value: number
  readonly facts: number
}

/**
 * Lays a message out as a card. Whatever a person may have typed stays plain text; what does not fit ends in an ellipsis
 * or is counted in the last line. `mark` says visibly that the message may have been sent before.
 */
export function layOut(message: Message, mark: boolean): WorkflowMessage {
  let caps: Caps = { text: 4_000, value: 1_000, facts: Math.min(message.facts.length, mostFacts) }
  let built = build(message, mark, caps)
  while (Buffer.byteLength(JSON.stringify(built)) > wholeLimit) {
    caps = tighten(caps)
    built = build(message, mark, caps)
  }
  return built
}

/** Shortens texts first, to something still readable; then leaves facts out from the end. */
function tighten(caps: Caps): Caps {
  if (caps.value > 60) return { ...caps, text: Math.max(caps.text / 2, 200), value: Math.max(caps.value / 2, 60) }
  return { ...caps, facts: Math.floor(caps.facts * 0.8) }
}

function build(message: Message, mark: boolean, caps: Caps): WorkflowMessage {
  const suffix = mark ? ` ${possiblySentTwice}` : ''
  const title = titleOf(message, titleLimit - suffix.length)
  const link = linkOf(message)
  const card: Card = {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    fallbackText: title + suffix,
    body: [heading(plainMarkdown(title) + suffix), ...content(message, caps), ...note(notesOf(message, caps, link))],
    ...(link ? { actions: [{ type: 'Action.OpenUrl', ...link }] } : {}),
  }
  const contentType = 'application/vnd.microsoft.card.adaptive'
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content: card }] }
}

function titleOf({ title }: Message, limit: number): string {
  return shorten(oneLine(shorten(title, titleLimit * 2)) || 'Notification', limit)
}

function heading(text: string): CardElement {
  return {
    type: 'TextBlock',
    text,
    wrap: true,
    style: 'heading',
    size: 'Medium',
    weight: 'Bolder',
  }
}

/** Nobody needs to read a second time what the message before this one said. */
function content(message: Message, caps: Caps): CardElement[] {
  if (message.completes) return [{ type: 'TextBlock', text: completesNote, wrap: true }]
  const text = shorten(message.text ?? '', caps.text).trim()
  const facts = message.facts.slice(0, caps.facts).map(({ label, value }) => ({
    title: plainMarkdown(oneLine(shorten(label, labelLimit))) || '–',
    value: plainMarkdown(shorten(value, caps.value).trim()) || '–',
  }))
  return [
    ...(message.late
      ? [{ type: 'TextBlock', text: message.link ? lateNoteBesideLink : lateNote, wrap: true } as const]
      : []),
    ...(text ? [{ type: 'TextBlock', text: plainMarkdown(text), wrap: true } as const] : []),
    ...(facts.length > 0 ? [{ type: 'FactSet', facts } as const] : []),
  ]
}

interface Link {
  readonly title: string
  readonly url: string
}

function linkOf({ link }: Message): Link | undefined {
  if (!link || !isWebAddress(link.url)) return undefined
  return { title: oneLine(shorten(link.label, labelLimit)) || 'Open', url: new URL(link.url).href }
}

/** Whether a button can lead there: a web address of a length that clients take. */
export function isWebAddress(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  return (parsed?.protocol === 'https:' || parsed?.protocol === 'http:') && parsed.href.length <= linkLimit
}

function notesOf(message: Message, caps: Caps, link: Link | undefined): string[] {
  const notes: string[] = []
  if (message.record === 'new') notes.push('New record')
  if (message.record === 'known') notes.push('Known record')
  const leftOut = message.completes ? 0 : message.facts.length - caps.facts
  if (leftOut > 0) notes.push(`${leftOut} more left out: the message was too long for Teams`)
  if (message.link && !link) {
    const { label, url } = message.link
    notes.push(plainMarkdown(oneLine(`${shorten(label, labelLimit)}: ${shorten(url, 200)}`)))
  }
  return notes
}

function note(notes: readonly string[]): CardElement[] {
  return notes.length === 0 ? [] : [{ type: 'TextBlock', text: notes.join(' · '), wrap: true, isSubtle: true }]
}

import { type Message, oneLine, shorten } from 'flowgate/plugin'

/** A message as an e-mail says it: the same content twice, for readers with and without HTML. */
export interface Composed {
  readonly subject: string
  readonly text: string
  readonly html: string
}

const subjectLimit = 200
const textLimit = 10_000
const labelLimit = 75
const valueLimit = 2_000
const linkLimit = 2_500
const mostFacts = 200

const possiblySentTwice = '(possibly sent twice)'
const lateNote = 'The CRM has not confirmed the record yet; the link follows.'
/** With a link, to what is there already. */
const lateNoteBesideLink = 'The CRM has not confirmed every record yet; the rest follows.'
const completesNote = 'This completes the message sent before: the CRM has confirmed the record.'

/** What a message says, cut to size and still plain. */
interface Parts {
  readonly paragraphs: readonly string[]
  readonly facts: Message['facts']
  readonly link: { readonly label: string; readonly url: string } | undefined
  readonly notes: string
}

/**
 * Words a message. Whatever a person may have typed stays plain text: one line in the subject, escaped in HTML. `mark` says
 * visibly that the message may have been sent before.
 */
export function compose(message: Message, mark: boolean): Composed {
  const parts = partsOf(message)
  return { subject: subjectOf(message, mark), text: asText(parts), html: asHtml(parts) }
}

function subjectOf(message: Message, mark: boolean): string {
  const prefix = message.completes ? 'Re: ' : ''
  const suffix = mark ? ` ${possiblySentTwice}` : ''
  const title = oneLine(shorten(message.title, subjectLimit * 2)) || 'Notification'
  return prefix + shorten(title, subjectLimit - suffix.length) + suffix
}

function partsOf(message: Message): Parts {
  const { link } = message
  const label = oneLine(shorten(link?.label ?? '', labelLimit)) || 'Open'
  const url = link === undefined ? undefined : webAddress(link.url)
  const text = shorten(message.text ?? '', textLimit).trim()
  const facts = message.facts.slice(0, mostFacts).map((fact) => ({
    label: oneLine(shorten(fact.label, labelLimit)),
    value: shorten(fact.value, valueLimit).trim(),
  }))
  const notes: string[] = []
  if (message.record === 'new') notes.push('New record')
  if (message.record === 'known') notes.push('Known record')
  const leftOut = message.facts.length - facts.length
  if (leftOut > 0) notes.push(`${leftOut} more left out: the message was too long`)
  if (link && url === undefined) notes.push(`${label}: ${oneLine(shorten(link.url, 200))}`)
  return {
    paragraphs: [
      message.late ? (message.link ? lateNoteBesideLink : lateNote) : '',
      message.completes ? completesNote : '',
      text,
    ].filter(Boolean),
    facts,
    link: url === undefined ? undefined : { label, url },
    notes: notes.join(' · '),
  }
}

/** An address as a link takes it; `undefined` where it is no web address. */
function webAddress(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const isWeb = parsed?.protocol === 'https:' || parsed?.protocol === 'http:'
  return isWeb && parsed.href.length <= linkLimit ? parsed.href : undefined
}

/** What has several lines is indented, so that none of them passes for one of ours. */
function asText({ paragraphs, facts, link, notes }: Parts): string {
  const factLines = facts.map(({ label, value }) => `${label}: ${indented(value)}`)
  const blocks = [...paragraphs.map(indented), factLines.join('\n'), link ? `${link.label}: ${link.url}` : '', notes]
  return `${blocks.filter(Boolean).join('\n\n')}\n`
}

/** All that a mail program may show as the beginning of a line counts as one. */
function indented(text: string): string {
  return text.replace(/[\n\u2028\u2029]/g, '\n    ')
}

function asHtml({ paragraphs, facts, link, notes }: Parts): string {
  const rows = facts.map(
    ({ label, value }) => `<tr><th ${cell}>${escaped(label)}</th><td ${cell}>${escaped(value)}</td></tr>`,
  )
  const blocks = [
    ...paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`),
    rows.length > 0 ? `<table cellspacing="0">\n${rows.join('\n')}\n</table>` : '',
    link ? `<p><a href="${escaped(link.url)}">${escaped(link.label)}</a></p>` : '',
    notes ? `<p style="color:#666">${escaped(notes)}</p>` : '',
  ]
  const body = blocks.filter(Boolean).join('\n')
  return `<!doctype html>\n<html><body style="font-family:sans-serif">\n${body}\n</body></html>\n`
}

const cell = 'align="left" valign="top" style="padding:2px 12px 2px 0"'

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('\n', '<br>\n')
}

import { type JsonObject, type Message, shorten } from 'flowgate/plugin'
import type { Template, Variable } from './config.ts'
import { plainVariable } from './plain.ts'

/** The longest that all variables of a body may be together: Meta allows 1,024 characters with the template's own words. */
const wholeLimit = 900

/** The longest of each variable. */
const limits = { title: 150, text: 400, facts: 600, fact: 150, link: 500, status: 200 }

/** Meta refuses an empty variable. */
const blank = '–'

const possiblySentTwice = 'possibly sent twice'
const lateNote = 'The CRM has not confirmed the record yet; the link follows.'
/** With a link, to what is there already. */
const lateNoteBesideLink = 'The CRM has not confirmed every record yet; the rest follows.'
const completesNote = 'This completes the message sent before.'

/**
 * A message as the components of a template message: its variables in the template's order, and its button. What must be
 * seen besides stands in the variable `status`, or, where the template has none, behind the title. `mark` says visibly that
 * the message may have been sent before.
 */
export function layOut(message: Message, template: Template, mark: boolean): JsonObject[] {
  const values = fit(template.parameters.map((variable) => wordsOf(variable, message, template, mark)))
  const parameters = values.map((text) => ({ type: 'text', text: text || blank }))
  return [{ type: 'body', parameters }, ...buttonOf(message, template)]
}

function wordsOf(variable: Variable, message: Message, template: Template, mark: boolean): string {
  if (typeof variable === 'object') return cut(factOf(message, variable.fact), limits.fact)
  switch (variable) {
    case 'title':
      return titleOf(message, template, mark)
    case 'text':
      return cut(message.text ?? '', limits.text)
    case 'facts':
      return cut(message.facts.map(({ label, value }) => `${label}: ${value}`).join(' · '), limits.facts)
    case 'link':
      return linkOf(message) ?? ''
    case 'status':
      return notesOf(message, mark).join(' · ')
  }
}

function titleOf(message: Message, template: Template, mark: boolean): string {
  const notes = template.parameters.includes('status') ? [] : notesOf(message, mark)
  const suffix = notes.length > 0 ? ` (${notes.join(' · ')})` : ''
  return (cut(message.title, limits.title) || 'Notification') + suffix
}

function notesOf(message: Message, mark: boolean): string[] {
  return [
    ...(message.late ? [message.link ? lateNoteBesideLink : lateNote] : []),
    ...(message.completes ? [completesNote] : []),
    ...(message.record === 'new' ? ['New record'] : []),
    ...(message.record === 'known' ? ['Known record'] : []),
    ...(mark ? [possiblySentTwice] : []),
  ]
}

function factOf({ facts }: Message, wanted: string): string {
  return facts.find(({ label }) => label.trim().toLowerCase() === wanted.trim().toLowerCase())?.value ?? ''
}

/** The address of the link; `undefined` where there is none to show. A cut address leads nowhere. */
function linkOf({ link }: Message): string | undefined {
  if (!link || !URL.canParse(link.url)) return undefined
  const { href, protocol } = new URL(link.url)
  return (protocol === 'https:' || protocol === 'http:') && href.length <= limits.link ? href : undefined
}

/** A button's address is fixed in the template but for its end, so a template with one cannot be sent without filling it. */
function buttonOf(message: Message, { button }: Template): JsonObject[] {
  if (button === undefined) return []
  const link = linkOf(message)
  const text = link?.startsWith(button.base) ? link.slice(button.base.length) : ''
  const parameters = [{ type: 'text', text: text || button.otherwise }]
  return [{ type: 'button', sub_type: 'url', index: String(button.index ?? 0), parameters }]
}

function cut(text: string, limit: number): string {
  return shorten(plainVariable(shorten(text, limit * 2)), limit)
}

/** Shortens the longest variables until all fit together. Addresses are left out rather than cut. */
function fit(values: readonly string[]): string[] {
  const fitted = [...values]
  const whole = () => fitted.reduce((sum, { length }) => sum + length, 0)
  for (let excess = whole() - wholeLimit; excess > 0; excess = whole() - wholeLimit) {
    const longest = fitted.reduce((best, { length }, index) => (length > (fitted[best]?.length ?? 0) ? index : best), 0)
    const value = fitted[longest] ?? ''
    fitted[longest] = /^https?:\S+$/.test(value)
      ? ''
      : shorten(value, Math.max(value.length - excess, value.length >> 1))
  }
  return fitted
}

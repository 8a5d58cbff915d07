import type { Json, JsonObject } from '../../plugin/json.ts'
import { refusal, type Transform, textOf } from './transform.ts'

const UNREADABLE = 'not a date in the expected form'
const DAY_MS = 86_400_000
const TOKEN = /yyyy|MM|M|dd|d/gu
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/u
const PARTS: Readonly<Record<string, string>> = {
  yyyy: '(?<y>\\d{4})',
  MM: '(?<m>\\d{2})',
  M: '(?<m>\\d{1,2})',
  dd: '(?<d>\\d{2})',
  d: '(?<d>\\d{1,2})',
}

/**
 * Dates without a time. HubSpot's date properties take midnight UTC in milliseconds or `YYYY-MM-DD`
 * (developers.hubspot.com/docs/api-reference/crm-properties-v3/guide).
 */
export const dates: readonly Transform[] = [
  {
    name: 'date',
    doc: 'Makes a date `YYYY-MM-DD` of an ISO date or time (the day as written), of milliseconds since 1970 (the day in UTC), or of text in the form `from`; refuses days that do not exist.',
    lists: 'each',
    options: {
      from: {
        type: 'string',
        description: 'The form it comes in, of `yyyy MM M dd d` and what stands between them, such as `dd/MM/yyyy`.',
      },
      to: {
        type: 'string',
        description: 'The form it leaves in, of the same letters, or `unix_ms`: midnight UTC in milliseconds.',
      },
    },
    main: 'from',
    examples: [
      { input: '2026-03-01T22:30:00-03:00', output: '2026-03-01' },
      { input: '1772323200000', output: '2026-03-01' },
      { input: '01/03/2026', options: 'dd/MM/yyyy', output: '2026-03-01' },
      { input: '3/1/2026', options: { from: 'M/d/yyyy', to: 'unix_ms' }, output: 1772323200000 },
      { input: '2026-03-01', options: { to: 'dd.MM.yyyy' }, output: '01.03.2026' },
      { input: '1-3-2026', options: { from: 'd-M-yyyy', to: 'M/d/yyyy' }, output: '3/1/2026' },
      { input: '30/02/2026', options: 'dd/MM/yyyy', fails: 'there is no such day' },
      { input: 'tomorrow', fails: UNREADABLE },
    ],
    prepare: (options, report, path) => {
      for (const name of ['from', 'to']) {
        if (options[name] === undefined || formOk(String(options[name]), name)) continue
        report({
          severity: 'error',
          path: [...path, name],
          code: 'FG_CONFIG_TRANSFORM',
          message: `date: \`${name}\` is a form with yyyy, MM and dd each once, such as \`dd/MM/yyyy\`${name === 'to' ? ', or `unix_ms`' : ''}`,
        })
        return (value) => value
      }
      return prepared(options)
    },
  },
  {
    name: 'add_days',
    doc: 'Makes the date `YYYY-MM-DD` that many days after an ISO date or time (the day as written); refuses anything else.',
    lists: 'each',
    options: {
      days: { type: 'integer', required: true, description: 'How many days later; with a minus, how many earlier.' },
    },
    main: 'days',
    examples: [
      { input: '2026-02-27', options: 2, output: '2026-03-01' },
      { input: '2028-02-28', options: 1, output: '2028-02-29' },
      { input: '2026-03-01T22:30:00-03:00', options: { days: -1 }, output: '2026-02-28' },
      { input: 'tomorrow', options: 1, fails: UNREADABLE },
      { input: '9999-12-31', options: 1, fails: 'there is no such day' },
    ],
    prepare: (options) => {
      const days = Number(options['days'])
      return (value) => {
        const from = readIso('add_days', textOf('add_days', value).trim())
        // In UTC every day has as many hours as the next.
        const later = new Date(from.getTime() + days * DAY_MS)
        return isoOf(day('add_days', later.getUTCFullYear(), later.getUTCMonth() + 1, later.getUTCDate()))
      }
    },
  },
]

function prepared(options: JsonObject): (value: Json) => Json {
  const read = reader(options['from'])
  const to = String(options['to'] ?? 'yyyy-MM-dd')
  return (value) => {
    const day = read(textOf('date', value).trim())
    if (to === 'unix_ms') return day.getTime()
    const [year = '', month = '', date = ''] = isoOf(day).split('-')
    const shown: Readonly<Record<string, string>> = {
      yyyy: year,
      MM: month,
      M: String(Number(month)),
      dd: date,
      d: String(Number(date)),
    }
    return to.replace(TOKEN, (token) => shown[token] ?? token)
  }
}

function formOk(form: string, name: string): boolean {
  if (name === 'to' && form === 'unix_ms') return true
  const tokens = form.match(TOKEN) ?? []
  return (
    tokens
      .map((token) => token.charAt(0))
      .toSorted()
      .join('') === 'Mdy' && !/\p{L}/u.test(form.replace(TOKEN, ''))
  )
}

function reader(from: Json | undefined): (text: string) => Date {
  if (from === undefined) return (text) => readIso('date', text)
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&')
  let source = ''
  let end = 0
  for (const match of String(from).matchAll(TOKEN)) {
    source += literal(String(from).slice(end, match.index)) + (PARTS[match[0]] ?? '')
    end = match.index + match[0].length
  }
  const form = new RegExp(`^${source}${literal(String(from).slice(end))}$`, 'u')
  return (text) => {
    const groups = form.exec(text)?.groups
    if (groups === undefined) throw refusal('date', UNREADABLE)
    return day('date', Number(groups['y']), Number(groups['m']), Number(groups['d']))
  }
}

function readIso(transform: string, text: string): Date {
  const iso = ISO.exec(text)
  if (iso !== null) return day(transform, Number(iso[1]), Number(iso[2]), Number(iso[3]))
  // At least nine digits, so that a bare year or 20260301 is not taken for milliseconds.
  if (!/^-?\d{9,14}$/u.test(text)) throw refusal(transform, UNREADABLE)
  const moment = new Date(Number(text))
  return day(transform, moment.getUTCFullYear(), moment.getUTCMonth() + 1, moment.getUTCDate())
}

/** Midnight UTC. Years from 1000 to 9999. */
function day(transform: string, year: number, month: number, date: number): Date {
  const midnight = new Date(Date.UTC(year, month - 1, date))
  const exists = midnight.getUTCFullYear() === year && midnight.getUTCMonth() === month - 1
  if (!exists || midnight.getUTCDate() !== date || year < 1000 || year > 9999) {
    throw refusal(transform, 'there is no such day')
  }
  return midnight
}

function isoOf(day: Date): string {
  return day.toISOString().slice(0, 10)
}

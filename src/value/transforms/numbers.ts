import type { Json, JsonObject } from '../../plugin/json.ts'
import { type OptionSchema, refusal, type Transform, textOf } from './transform.ts'

const DECIMAL: Readonly<Record<string, OptionSchema>> = {
  decimal: {
    type: 'string',
    pattern: '^[.,]$',
    description: 'The sign before the decimals, `.` or `,`. Default `.`; the other one may group thousands.',
  },
}
const UNREADABLE = 'not a number in the expected form'
const YES = new Set(['true', 'yes', 'y', 'on', '1'])
const NO = new Set(['false', 'no', 'n', 'off', '0'])

/** Transforms to numbers and booleans. */
export const numbers: readonly Transform[] = [
  {
    name: 'number',
    doc: 'Makes a number of text; spaces and the other sign may group thousands. Refuses anything else, and more than 15 digits.',
    lists: 'each',
    options: DECIMAL,
    main: 'decimal',
    examples: [
      { input: ' 1,234.50 ', output: 1234.5 },
      { input: '1.234,50', options: { decimal: ',' }, output: 1234.5 },
      { input: '-12', output: -12 },
      { input: 'about 12', fails: UNREADABLE },
      { input: '1.234,50', fails: UNREADABLE },
    ],
    prepare: (options) => (value) => readNumber('number', value, options),
  },
  {
    name: 'integer',
    doc: 'As `number`, and refuses a number that is not whole.',
    lists: 'each',
    options: DECIMAL,
    main: 'decimal',
    examples: [
      { input: '120', output: 120 },
      { input: '1.200', options: ',', output: 1200 },
      { input: '12.0', output: 12 },
      { input: '12.5', fails: 'not a whole number' },
    ],
    prepare: (options) => (value) => {
      const number = readNumber('integer', value, options)
      if (!Number.isInteger(number)) throw refusal('integer', 'not a whole number')
      return number
    },
  },
  {
    name: 'boolean',
    doc: 'Makes true of `true yes y on 1` and false of `false no n off 0`, in any case; refuses anything else.',
    lists: 'each',
    options: {},
    examples: [
      { input: 'Yes', output: true },
      { input: 0, output: false },
      { input: true, output: true },
      { input: 'perhaps', fails: 'neither yes nor no' },
    ],
    prepare: () => (value) => {
      const text = textOf('boolean', value).trim().toLowerCase()
      if (YES.has(text)) return true
      if (NO.has(text)) return false
      throw refusal('boolean', 'neither yes nor no')
    },
  },
  {
    name: 'format_number',
    doc: 'Writes a number for people to read; half a last digit is rounded away from zero. Text is read as `number` reads it.',
    lists: 'each',
    options: {
      decimals: {
        type: 'integer',
        minimum: 0,
        maximum: 15,
        description: 'How many decimals. Left out: as many as there are.',
      },
      group: {
        type: 'string',
        pattern: '^.?$',
        description: 'The sign between thousands, or empty text. Default `,`.',
      },
      point: { type: 'string', pattern: '^.$', description: 'The sign before the decimals. Default `.`.' },
    },
    main: 'decimals',
    examples: [
      { input: 1234567.891, options: 2, output: '1,234,567.89' },
      { input: '1234.5', options: { decimals: 2, group: '.', point: ',' }, output: '1.234,50' },
      { input: 1.005, options: 2, output: '1.01' },
      { input: -1200.5, options: { decimals: 0, group: '' }, output: '-1201' },
      { input: 1200, output: '1,200' },
      { input: 'about 12', options: 2, fails: UNREADABLE },
    ],
    prepare: (options, report, path) => {
      const [group, point] = [String(options['group'] ?? ','), String(options['point'] ?? '.')]
      if (group === point) {
        const message = 'format_number: `group` and `point` are the same sign: nobody could tell which is which'
        report({ severity: 'error', path, code: 'FG_CONFIG_TRANSFORM', message })
      }
      const signs: Readonly<Record<string, string>> = { group, decimal: point }
      const form = formOf(options['decimals'])
      return (value) => {
        // As text the digits are those people see: 1.005 is a little less as a number, and would lose its last cent.
        const digits = String(readNumber('format_number', value, {})) as `${number}`
        return form
          .formatToParts(digits)
          .map(({ type, value: sign }) => signs[type] ?? sign)
          .join('')
      }
    },
  },
]

/** No minus before a zero. */
function formOf(decimals: Json | undefined): Intl.NumberFormat {
  const exact = decimals === undefined ? {} : { minimumFractionDigits: Number(decimals) }
  const maximumFractionDigits = Number(decimals ?? 15)
  return new Intl.NumberFormat('en', { ...exact, maximumFractionDigits, useGrouping: true, signDisplay: 'negative' })
}

function readNumber(transform: string, value: Json, options: JsonObject): number {
  if (typeof value === 'number') return value
  const comma = options['decimal'] === ','
  const text = textOf(transform, value).trim()
  const form = comma
    ? /^[+-]?(?:\d+|\d{1,3}(?:[.\s]\d{3})+)(?:,\d+)?$/u
    : /^[+-]?(?:\d+|\d{1,3}(?:[,\s]\d{3})+)(?:\.\d+)?$/u
  if (!form.test(text)) throw refusal(transform, UNREADABLE)
  const plain = comma ? text.replace(/[.\s]/gu, '').replace(',', '.') : text.replace(/[,\s]/gu, '')
  if (plain.replace(/^[+-]?0*|\./gu, '').length > 15) throw refusal(transform, 'more than 15 digits: keep it as text')
  // Not -0, which no system means.
  return Number(plain) + 0
}

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
]

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

import type { Json } from '../../plugin/json.ts'
import { type Example, refusal, type Transform, textOf, textTransform } from './transform.ts'

const NEEDS_TEXT: Example = { input: { id: 'a' }, fails: 'needs text, not an object or a list' }
const WORD = /\p{L}[\p{L}\p{M}\p{N}'’]*/gu
const SPACES = /\s+/u

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Transforms of plain text. */
export const letters: readonly Transform[] = [
  textTransform('trim', 'Removes spaces and line breaks at both ends.', (text) => text.trim(), [
    { input: '  Ana ', output: 'Ana' },
    { input: [' a', 'b '], output: ['a', 'b'] },
    NEEDS_TEXT,
  ]),
  textTransform('lower', 'Makes every letter small.', (text) => text.toLowerCase(), [
    { input: 'ANA@Acme.com', output: 'ana@acme.com' },
    { input: 'ÇA VA', output: 'ça va' },
    NEEDS_TEXT,
  ]),
  textTransform('upper', 'Makes every letter a capital.', (text) => text.toUpperCase(), [
    { input: 'br', output: 'BR' },
    { input: 'straße', output: 'STRASSE' },
    NEEDS_TEXT,
  ]),
  textTransform('title', 'Gives every word a capital first letter and makes the others small.', titleCase, [
    { input: 'ANA SOUZA lima', output: 'Ana Souza Lima' },
    { input: "jean-luc o'neil", output: "Jean-Luc O'neil" },
    { input: 'élodie ÅSE', output: 'Élodie Åse' },
    NEEDS_TEXT,
  ]),
  textTransform('squeeze', 'Trims, and makes every run of spaces and line breaks one space.', squeezed, [
    { input: ' Ana   Souza\n Lima ', output: 'Ana Souza Lima' },
    { input: 12, output: '12' },
    NEEDS_TEXT,
  ]),
  textTransform('first_word', 'Keeps the text up to the first space.', (text) => text.trim().split(SPACES)[0] ?? '', [
    { input: 'Ana Souza Lima', output: 'Ana' },
    { input: ' Ana', output: 'Ana' },
    NEEDS_TEXT,
  ]),
  textTransform(
    'after_first_word',
    'Keeps what follows the first space: nothing for a single word.',
    (text) => text.trim().split(SPACES).slice(1).join(' '),
    [{ input: 'Ana Souza  Lima', output: 'Souza Lima' }, { input: 'Ana', output: '' }, NEEDS_TEXT],
  ),
  textTransform('digits', 'Keeps only the digits 0 to 9; refuses text without any.', digitsOf, [
    { input: '+55 (11) 99999-0000', output: '5511999990000' },
    { input: 'CEP 01310-100', output: '01310100' },
    { input: 'none', fails: 'there is no digit in it' },
  ]),
  {
    name: 'truncate',
    doc: 'Shortens text to at most `to` characters as people count them, `ending` included.',
    lists: 'each',
    options: {
      to: { type: 'integer', minimum: 1, required: true, description: 'Most characters.' },
      ending: { type: 'string', description: 'Put in place of what was cut. Default `…`.' },
    },
    main: 'to',
    examples: [
      { input: 'A long message', options: 7, output: 'A long…' },
      { input: 'A long message', options: { to: 6, ending: '' }, output: 'A long' },
      { input: '👍🏽👍🏽👍🏽', options: 2, output: '👍🏽…' },
      { ...NEEDS_TEXT, options: 5 },
    ],
    prepare: (options) => {
      const to = Number(options['to'])
      const ending = split(String(options['ending'] ?? '…')).slice(0, to)
      return (value: Json) => {
        const text = textOf('truncate', value)
        // A text of n code units has at most n characters, so the segmenter runs only where something may be cut.
        if (text.length <= to) return text
        const all = split(text)
        return all.length <= to ? text : [...all.slice(0, to - ending.length), ...ending].join('')
      }
    },
  },
  {
    name: 'mask',
    doc: 'Hides every character but the last `keep`; hides text that is not longer than that altogether.',
    lists: 'each',
    options: {
      keep: { type: 'integer', minimum: 0, description: 'How many characters at the end stay. Default 4.' },
      with: { type: 'string', pattern: '^.$', description: 'The one character put in place of others. Default `•`.' },
    },
    main: 'keep',
    examples: [
      { input: '+5511999990000', output: '••••••••••0000' },
      { input: 4111111111111111, options: { keep: 4, with: 'x' }, output: 'xxxxxxxxxxxx1111' },
      { input: 'Ana', options: 3, output: '•••' },
      { ...NEEDS_TEXT, options: 4 },
    ],
    prepare: (options) => {
      const keep = Number(options['keep'] ?? 4)
      const sign = String(options['with'] ?? '•')
      return (value: Json) => {
        const all = split(textOf('mask', value))
        const hidden = all.length > keep ? all.length - keep : all.length
        return sign.repeat(hidden) + all.slice(hidden).join('')
      }
    },
  },
]

function titleCase(text: string): string {
  return text.replace(WORD, (word) => {
    const [first = '', ...rest] = word
    const [capital = '', ...more] = first.toUpperCase()
    return capital + more.join('').toLowerCase() + rest.join('').toLowerCase()
  })
}

function squeezed(text: string): string {
  return text.trim().replace(/\s+/gu, ' ')
}

function digitsOf(text: string): string {
  const digits = text.replace(/[^0-9]/gu, '')
  if (digits === '') throw refusal('digits', 'there is no digit in it')
  return digits
}

function split(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment)
}

import type { Json } from '../../plugin/json.ts'
import { canonicalText } from '../hash.ts'
import { compilePattern } from '../pattern.ts'
import { asText } from '../text.ts'
import { type Example, refusal, type Transform, textOf } from './transform.ts'

const NEEDS_LIST = 'needs a list, not an object'

/** Transforms between text and lists. */
export const lists: readonly Transform[] = [
  {
    name: 'split',
    doc: 'Makes a list of the parts of a text, each trimmed, empty ones dropped.',
    lists: 'each',
    options: {
      by: { type: 'string', description: 'The text between the parts. Default `,`.' },
      pattern: { type: 'string', description: 'An RE2 pattern between the parts, instead of `by`.' },
    },
    main: 'by',
    examples: [
      { input: 'crm, automation,', output: ['crm', 'automation'] },
      { input: 'crm;support', options: ';', output: ['crm', 'support'] },
      { input: 'crm; support / sales', options: { pattern: '[;/]' }, output: ['crm', 'support', 'sales'] },
      { input: { a: 1 }, fails: 'needs text, not an object or a list' },
    ],
    prepare: (options, report, path) => {
      if (options['by'] !== undefined && options['pattern'] !== undefined) {
        report({
          severity: 'error',
          path,
          code: 'FG_CONFIG_TRANSFORM',
          message: 'split: use `by` or `pattern`, not both',
        })
      }
      const pattern = options['pattern']
      const by = String(options['by'] ?? ',')
      const cut =
        pattern === undefined
          ? (text: string) => text.split(by)
          : compilePattern(String(pattern), report, [...path, 'pattern']).split
      return (value: Json) =>
        cut(textOf('split', value))
          .map((piece) => piece.trim())
          .filter((piece) => piece !== '')
    },
  },
  {
    name: 'join',
    doc: 'Makes one text of a list; anything else becomes its text. Refuses a list that holds objects.',
    lists: 'whole',
    options: { with: { type: 'string', description: 'Put between the items. Default `, `.' } },
    main: 'with',
    examples: [
      { input: ['crm', 'automation'], output: 'crm, automation' },
      { input: ['crm', 'automation'], options: ';', output: 'crm;automation' },
      { input: 'crm', output: 'crm' },
      { input: [{ id: 'crm' }], fails: 'the list holds objects or lists: only texts and numbers can be joined' },
    ],
    prepare: (options) => {
      const between = String(options['with'] ?? ', ')
      return (value: Json) => {
        const items: readonly Json[] = Array.isArray(value) ? value : [value]
        if (items.some((item) => typeof item === 'object' && item !== null)) {
          throw refusal('join', 'the list holds objects or lists: only texts and numbers can be joined')
        }
        return items.map(asText).join(between)
      }
    },
  },
  {
    name: 'slice',
    doc: 'Keeps the characters of a text, or the items of a list, from position `from` up to but not including `to`; negative positions count from the end.',
    lists: 'whole',
    options: {
      from: { type: 'integer', description: 'First position kept, counted from 0. Default 0.' },
      to: { type: 'integer', description: 'First position dropped. Default: the end.' },
    },
    main: 'from',
    examples: [
      { input: '12345678901', options: { from: 0, to: 3 }, output: '123' },
      { input: '12345678901', options: -4, output: '8901' },
      { input: ['a', 'b', 'c'], options: { to: 2 }, output: ['a', 'b'] },
      { input: { a: 1 }, options: 1, fails: 'needs text, not an object or a list' },
    ],
    prepare: (options) => {
      const from = Number(options['from'] ?? 0)
      const to = options['to'] === undefined ? undefined : Number(options['to'])
      return (value: Json) =>
        Array.isArray(value) ? value.slice(from, to) : Array.from(textOf('slice', value)).slice(from, to).join('')
    },
  },
  ofList('first', 'Keeps the first item of a list; a single text or number stays as it is.', ([item]) => item ?? null, [
    { input: ['09:00', '10:30'], output: '09:00' },
    { input: [{ id: 'a' }, { id: 'b' }], output: { id: 'a' } },
    { input: '09:00', output: '09:00' },
    { input: { id: 'a' }, fails: NEEDS_LIST },
  ]),
  ofList(
    'last',
    'Keeps the last item of a list; a single text or number stays as it is.',
    (items) => items.at(-1) ?? null,
    [
      { input: ['09:00', '10:30'], output: '10:30' },
      { input: [{ id: 'a' }, { id: 'b' }], output: { id: 'b' } },
      { input: 7, output: 7 },
      { input: { id: 'a' }, fails: NEEDS_LIST },
    ],
  ),
  ofList(
    'unique',
    'Drops the items of a list that are the same as one before; a single text or number stays as it is.',
    distinct,
    [
      { input: ['2026-03-01', '2026-03-02', '2026-03-01'], output: ['2026-03-01', '2026-03-02'] },
      {
        input: [{ id: 'a', title: 'A' }, { title: 'A', id: 'a' }, { id: 'b' }],
        output: [{ id: 'a', title: 'A' }, { id: 'b' }],
      },
      { input: '2026-03-01', output: '2026-03-01' },
      { input: { id: 'a' }, fails: NEEDS_LIST },
    ],
  ),
]

/** A transform of lists without options. Where one item is all there is, it may stand without its list. */
function ofList(
  name: string,
  doc: string,
  change: (items: readonly Json[]) => Json,
  examples: readonly Example[],
): Transform {
  const prepare = () => (value: Json) => {
    if (Array.isArray(value)) return change(value)
    if (typeof value === 'object') throw refusal(name, NEEDS_LIST)
    return value
  }
  return { name, doc, lists: 'whole', options: {}, examples, prepare }
}

function distinct(items: readonly Json[]): readonly Json[] {
  const seen = new Set<string>()
  return items.filter((item) => {
    const text = canonicalText(item)
    const known = seen.has(text)
    seen.add(text)
    return !known
  })
}

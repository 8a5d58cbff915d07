import { readFileSync, writeFileSync } from 'node:fs'
import { EACH_LIMITS } from '../../src/value/each.ts'
import { EXPRESSION_FUNCTIONS } from '../../src/value/expression-guard.ts'
import { EXPRESSION_LIMITS } from '../../src/value/expression-limits.ts'
import { TRANSFORMS } from '../../src/value/transforms/table.ts'
import type { Example, Transform } from '../../src/value/transforms/transform.ts'

const PAGE = new URL('../../docs/reference/values.md', import.meta.url)

/** The reference page as it stands in the repository. */
export function valuesPage(): string {
  return readFileSync(PAGE, 'utf8')
}

/** The same page with its generated parts made anew from the code. */
export function generated(page: string): string {
  const parts = { each: limitsOfEach(), limits: limits(), transforms: transforms() }
  return Object.entries(parts).reduce((whole, [name, content]) => replacePart(whole, name, content), page)
}

function replacePart(page: string, name: string, content: string): string {
  const begin = `<!-- ${name}: written by test/value/values-page.ts -->\n`
  const end = `<!-- end of ${name} -->`
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`the page has no place for ${name}`)
  return `${page.slice(0, from)}${begin}${content}${page.slice(to)}`
}

function limitsOfEach(): string {
  const { items, size, computingMs } = EACH_LIMITS
  const rows = [
    ['items of the list', items],
    ['characters and values of what it makes', size],
    ['milliseconds of computing, as the last resort', computingMs],
  ]
  return `\n${limitsTable(rows)}\n`
}

function limitsTable(rows: readonly (readonly (string | number)[])[]): string {
  return table(
    ['at most', ''],
    rows.map((row) => row.map(String)),
  )
}

function limits(): string {
  const { characters, steps, items, size, depth, computingMs } = EXPRESSION_LIMITS
  const rows = [
    ['characters of the expression', characters],
    ['steps of one evaluation', steps],
    ['items of any list that is made on the way', items],
    ['characters and values in any result on the way', size],
    ['nested evaluations', depth],
    ['milliseconds of computing, as the last resort', computingMs],
  ]
  const functions = EXPRESSION_FUNCTIONS.map((name) => `\`$${name}\``).join(' ')
  return `\n${limitsTable(rows)}\nFunctions: ${functions}\n\n`
}

function transforms(): string {
  return `\n${[...TRANSFORMS.values()].map(section).join('\n')}\n`
}

function section(transform: Transform): string {
  const { name, doc, lists, options, main, examples } = transform
  const about = Object.entries(options).map(([option, schema]) => {
    const marks = [...(option === main ? ['main'] : []), ...(schema.required === true ? ['required'] : [])]
    return `- \`${option}\`${marks.length === 0 ? '' : ` (*${marks.join(', ')}*)`}: ${schema.description}`
  })
  return [
    `### ${name}\n`,
    `${doc}${lists === 'whole' ? ' Works on a list as a whole.' : ''}\n`,
    ...(about.length === 0 ? [] : [`${about.join('\n')}\n`]),
    table(
      ['step', 'of', 'gives'],
      examples.map((example) => row(name, example)),
    ),
  ].join('\n')
}

function row(name: string, example: Example): readonly string[] {
  const step = example.options === undefined ? name : `{ ${name}: ${yaml(example.options)} }`
  return [
    code(step),
    code(yaml(example.input)),
    'fails' in example ? `fails: ${example.fails}` : code(yaml(example.output)),
  ]
}

/** JSON is YAML; a little air in objects is how the other examples are written. */
function yaml(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(yaml).join(', ')}]`
  return `{ ${Object.entries(value)
    .map(([key, member]) => `${key}: ${yaml(member)}`)
    .join(', ')} }`
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('')
}

if (import.meta.main && process.argv.includes('--write')) writeFileSync(PAGE, generated(valuesPage()))

import { readFileSync } from 'node:fs'
import { VARIABLES, type VariableDescription } from '../../src/config/environment-variables.ts'
import { DestinationsFileSchema } from '../../src/config/schema/destinations.ts'
import { FlowFileSchema } from '../../src/config/schema/flow.ts'
import { MappingFileSchema } from '../../src/config/schema/mapping.ts'
import { NAME_WORDS } from '../../src/config/schema/names.ts'
import { SettingsFileSchema } from '../../src/config/schema/settings.ts'
import { TestsFileSchema } from '../../src/config/schema/tests.ts'

export const REFERENCE_PAGE = new URL('../../docs/reference/configuration.md', import.meta.url)

/** The reference of the configuration as it stands in the repository. */
export function referencePage(): string {
  return readFileSync(REFERENCE_PAGE, 'utf8')
}

const PARTS: Readonly<Record<string, () => string>> = {
  'flowgate.yaml': () => keysOf(SettingsFileSchema),
  'destinations.yaml': () => keysOf(DestinationsFileSchema),
  'flow.yaml': () => keysOf(FlowFileSchema),
  'mapping.yaml': () => keysOf(MappingFileSchema),
  'tests.yaml': () => keysOf(TestsFileSchema),
  environment: variables,
}

/** The same page with its generated parts made anew from the schemas. Throws where the page has no place for one. */
export function generatedPage(page: string): string {
  return Object.entries(PARTS).reduce((text, [name, content]) => {
    const begin = `<!-- ${name}: written by test/config/generated-files.ts -->\n`
    const end = `<!-- end of ${name} -->`
    const [from, to] = [text.indexOf(begin), text.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`the page has no place for ${name}`)
    return `${text.slice(0, from)}${begin}\n${content()}\n${text.slice(to)}`
  }, page)
}

/** The part of a JSON Schema that the tables show. */
interface Schema {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

/** A table of the file's own keys, then one for each kind of object below it, in the order in which they appear. */
function keysOf(file: object): string {
  const root = file as Schema
  const below = new Map<string, Schema>()
  collect(root, below)
  const tables = [...below.values()].map(
    (schema) => `#### ${schema.title}\n\n${schema.description}\n\n${keyTable(schema)}`,
  )
  return [keyTable(root), ...tables].join('\n')
}

function collect(schema: Schema, found: Map<string, Schema>): void {
  const members = [
    ...Object.values(schema.properties ?? {}),
    ...Object.values(schema.patternProperties ?? {}),
    ...(schema.items ? [schema.items] : []),
  ]
  for (const member of members) {
    if (member.title !== undefined && member.properties !== undefined) found.set(member.title, member)
    collect(member, found)
  }
}

function keyTable(schema: Schema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([key, member]) => {
    const needed = schema.required?.includes(key) === true ? 'required' : shown(member.default)
    return [`\`${key}\``, cell(kindOf(member)), needed, cell(aboutOf(member))]
  })
  return table(['key', 'type', 'default', 'what it is'], rows)
}

function aboutOf({ $ref, description = '', examples }: Schema): string {
  if ($ref === '#/$defs/condition') return 'Only where this condition holds.'
  return examples?.[0] === undefined ? description : `${description} Example: \`${yaml(examples[0])}\``
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
}

function kindOf(schema: Schema): string {
  if (schema.$ref !== undefined)
    return schema.$ref.endsWith('condition') ? '[condition](values.md#conditions)' : '[value](values.md)'
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ')
  if (schema.const !== undefined) return `\`${schema.const}\``
  if (schema.anyOf !== undefined) return schema.anyOf.map(kindOf).join(' or ')
  if (schema.items !== undefined) return `list of ${kindOf(schema.items)}`
  const [pattern, member] = Object.entries(schema.patternProperties ?? {})[0] ?? []
  if (member !== undefined)
    return `map of ${Object.keys(member).length === 0 ? 'anything' : kindOf(member)}${namesOf(pattern, 'names: ')}`
  if (schema.title !== undefined) return `[${schema.title}](#${schema.title.toLowerCase()})`
  const range =
    schema.minimum !== undefined && schema.maximum !== undefined ? ` from ${schema.minimum} to ${schema.maximum}` : ''
  return schema.type === 'object'
    ? 'map'
    : `${KINDS[schema.type ?? ''] ?? schema.type}${range}${namesOf(schema.pattern)}`
}

function namesOf(pattern: string | undefined, prefix = ''): string {
  const words = pattern === undefined ? undefined : NAME_WORDS.get(pattern)
  return words === undefined ? '' : ` (${prefix}${words})`
}

function shown(value: unknown): string {
  return value === undefined ? '' : `\`${yaml(value)}\``
}

/** JSON is YAML; keys and words need no quotes, which is how the other examples are written. */
function yaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yaml).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, member]) => `${key}: ${yaml(member)}`)
      .join(', ')} }`
  }
  return typeof value === 'string' && !/^[a-z_][\w.-]*$/iu.test(value) ? JSON.stringify(value) : String(value)
}

function variables(): string {
  const rows = Object.entries<Omit<VariableDescription, 'name'>>(VARIABLES).map(
    ([name, { requiredFor, description, ...rest }]) => {
      const needed = requiredFor.length > 0 ? `required for ${requiredFor.join(', ')}` : shown(rest.default)
      return [`\`${name}\``, needed, cell(description)]
    },
  )
  return table(['variable', 'default', 'what it is'], rows)
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('')
}

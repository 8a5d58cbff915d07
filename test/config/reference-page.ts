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

/** What each generated part says, in the order of the page. `told` holds the titles that parts before it have explained. */
const PARTS: Readonly<Record<string, (told: Set<string>) => string>> = {
  'flow.yaml': (told) => keysOf(FlowFileSchema, told),
  'mapping.yaml': (told) => keysOf(MappingFileSchema, told),
  'tests.yaml': (told) => keysOf(TestsFileSchema, told),
  'destinations.yaml': (told) => keysOf(DestinationsFileSchema, told),
  'flowgate.yaml': (told) => keysOf(SettingsFileSchema, told),
  environment: variables,
}

/** The same page with its generated parts made anew from the schemas. Throws where the page has no place for one. */
export function generatedPage(page: string): string {
  const told = new Set<string>()
  return Object.entries(PARTS).reduce((text, [name, content]) => {
    const begin = `<!-- ${name}: written by test/config/generated-files.ts -->\n`
    const end = `<!-- end of ${name} -->`
    const [from, to] = [text.indexOf(begin), text.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`the page has no place for ${name}`)
    return `${text.slice(0, from)}${begin}\n${content(told)}\n${text.slice(to)}`
  }, page)
}

/** The part of a JSON Schema that the tables show. */
interface Schema {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  /** What its section says where `description` speaks of the one key only. */
  readonly $comment?: string
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

/** A table of the file's own keys, then a section for each titled kind below it, in the order in which they appear. */
function keysOf(file: object, told: Set<string>): string {
  const root = file as Schema
  const below = new Map<string, Schema>()
  collect(root, below)
  const sections = [...below].filter(([title]) => !told.has(title))
  for (const [title] of sections) told.add(title)
  return [keyTable(root), ...sections.map(([title, schema]) => sectionOf(title, schema))].join('\n')
}

function sectionOf(title: string, schema: Schema): string {
  const about = schema.$comment ?? schema.description
  return `#### ${title}\n\n${about}\n\n${schema.anyOf === undefined ? keyTable(schema) : formsOf(schema.anyOf)}`
}

/** One line for each form a value may have. An object's own words show how it is written. */
function formsOf(forms: readonly Schema[]): string {
  return forms
    .map((form) => {
      const kind = form.items === undefined ? kindOf(form) : 'a list'
      return `- ${form.properties === undefined ? `${kind}: ` : ''}${form.description}\n`
    })
    .join('')
}

function collect(schema: Schema, found: Map<string, Schema>): void {
  const members = [
    ...Object.values(schema.properties ?? {}),
    ...Object.values(schema.patternProperties ?? {}),
    ...(schema.items ? [schema.items] : []),
    ...(schema.anyOf ?? []),
  ]
  for (const member of members) {
    const { title, properties, anyOf } = member
    if (title !== undefined && (properties ?? anyOf) !== undefined && !found.has(title)) found.set(title, member)
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
  if ($ref === '#/$defs/condition' && description === '') return 'Only where this condition holds.'
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
  if (schema.title !== undefined && schema.anyOf !== undefined) return linkTo(schema.title)
  if (schema.anyOf !== undefined) return schema.anyOf.map(kindOf).join(' or ')
  if (schema.items !== undefined) return `list of ${kindOf(schema.items)}`
  const [pattern, member] = Object.entries(schema.patternProperties ?? {})[0] ?? []
  if (member !== undefined)
    return `map of ${Object.keys(member).length === 0 ? 'anything' : kindOf(member)}${namesOf(pattern, 'names: ')}`
  if (schema.title !== undefined) return linkTo(schema.title)
  const range =
    schema.minimum !== undefined && schema.maximum !== undefined ? ` from ${schema.minimum} to ${schema.maximum}` : ''
  return schema.type === 'object'
    ? 'map'
    : `${KINDS[schema.type ?? ''] ?? schema.type}${range}${namesOf(schema.pattern)}`
}

/** A link to the section of that title. */
function linkTo(title: string): string {
  return `[${title}](#${title.toLowerCase().replaceAll(' ', '-')})`
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

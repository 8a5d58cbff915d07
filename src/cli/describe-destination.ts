import { describeObjects } from '../deliver/ask.ts'
import { objectUses } from '../deliver/object-uses.ts'
import type { CrmField, CrmObject } from '../plugin/crm-object.ts'
import type { JsonObject } from '../plugin/json.ts'
import { atVendors, requireDestination } from './at-vendors.ts'
import { type ConfigOption, configurationWithSecrets } from './configuration.ts'
import { CommandError, type Outcome } from './outcome.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'

/** As many choices of a field are shown; `--json` has all. */
const MOST_OPTIONS = 20

/**
 * Shows the fields and choices of one kind of record as they are in a CRM now, or of all kinds that mappings write there. Not
 * ok where the CRM has no such kind.
 */
export async function describeDestination(
  name: string,
  object: string | undefined,
  options: ConfigOption,
  { env }: Pick<Terminal, 'env'>,
): Promise<Outcome> {
  const inForce = await configurationWithSecrets(options, env)
  requireDestination(name, inForce)
  const wanted = object === undefined ? objectUses(inForce, name).map((use) => use.object) : [object]
  if (wanted.length === 0) {
    const example = `flowgate destinations describe ${name} contacts`
    throw new CommandError('FG_CLI_USAGE', `No mapping writes records to ${name}. Name one kind, as in: ${example}`)
  }
  const found = await atVendors(inForce, options, env, (asking) => describeObjects(asking, name, wanted))
  if (found === undefined) {
    throw new CommandError('FG_CLI_CANNOT_DESCRIBE', `The plugin of ${name} cannot say what fields there are.`)
  }
  const missing = wanted.filter((one) => !found.some((known) => known.name === one))
  const text = [...found.map(describe), ...missing.map((one) => `${name} has no kind of record named ${one}.`)]
  const ok = missing.length === 0
  const json = { ok, objects: JSON.parse(JSON.stringify(found)), missing } satisfies JsonObject
  return { ok, text: text.join('\n\n'), json }
}

function describe({ name, label, fields }: CrmObject): string {
  const rows = fields.map((field) => [field.name, field.type, marksOf(field), field.label])
  const choices = fields.flatMap(({ name: field, options }) =>
    options === undefined ? [] : [`  ${field}: ${choicesOf(options)}`],
  )
  const below = choices.length === 0 ? [] : ['Choices:', ...choices]
  return [`${name} (${label})`, table(['FIELD', 'TYPE', '', 'LABEL'], rows), ...below].join('\n')
}

function marksOf({ required, writable, unique, maxLength }: CrmField): string {
  return [
    ...(required ? ['required'] : []),
    ...(writable ? [] : ['read only']),
    ...(unique ? ['unique'] : []),
    ...(maxLength === undefined ? [] : [`up to ${maxLength}`]),
  ].join(', ')
}

function choicesOf(options: NonNullable<CrmField['options']>): string {
  const shown = options
    .slice(0, MOST_OPTIONS)
    .map(({ value, label }) => (value === label ? value : `${value} (${label})`))
  const more = options.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}

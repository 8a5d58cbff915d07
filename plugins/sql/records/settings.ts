import type { Ability, JsonSchema } from 'flowgate/plugin'
import { type ConnectionConfig, connectionProperties } from '../connect/settings.ts'
import { readObjectName } from './object-name.ts'

/** What an operator says of one table. */
export interface TableConfig {
  readonly key?: readonly string[]
  readonly id?: string
  readonly link?: string
  readonly links?: Readonly<Record<string, string>>
  readonly submission_column?: string
  readonly owner?: OwnerConfig
}

/** Where it stands who owns a row. */
export interface OwnerConfig {
  readonly column: string
  readonly table?: string
  readonly email_column?: string
  readonly name_column?: string
}

/** Settings of one destination, as checked by `configSchema`. */
export interface SqlConfig extends ConnectionConfig {
  readonly statement_timeout_ms?: number
  readonly submission_column?: string
  readonly tables?: Readonly<Record<string, TableConfig>>
}

/** What is known of tables beside what the database says, with the defaults filled in. */
export interface TableSettings {
  readonly key: readonly string[] | undefined
  readonly id: string | undefined
  readonly link: string | undefined
  /** The column that refers to a record, by the record's object. */
  readonly links: ReadonlyMap<string, string>
  readonly submissionColumn: string
  readonly owner: OwnerConfig | undefined
}

export const DEFAULTS = { statement_timeout_ms: 10_000, submission_column: 'flowgate_submission' } as const

const column = (description: string): JsonSchema => ({ type: 'string', minLength: 1, maxLength: 64, description })

const owner: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['column'],
  description: 'Where it stands who owns a row, for notifications to the owner.',
  properties: {
    column: column("The row's column that says who owns it: a reference, or a text."),
    table: column(
      'The table that `column` refers to, as mappings would name it. Left out: all of it stands in the row.',
    ),
    email_column: column("The column with the owner's e-mail, in `table` or else in the row."),
    name_column: column("The column with the owner's name, in `table` or else in the row."),
  },
}

const table: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    key: {
      type: 'array',
      items: column('A column.'),
      minItems: 1,
      uniqueItems: true,
      description: 'The columns that together find a row, where it is not the `match` of the mapping alone.',
    },
    id: column('The column that names a row. Left out: the primary key.'),
    link: {
      type: 'string',
      pattern: '^https?://[^\\s{}]+\\{id\\}[^\\s{}]*$',
      description: 'Where people open a record: an address with {id} in it.',
    },
    links: {
      type: 'object',
      additionalProperties: column('A column.'),
      description: 'The column that refers to a linked record, by its object. Left out: the foreign key to its table.',
    },
    submission_column: column('As `submission_column` above, for this table alone.'),
    owner,
  },
}

/** What an operator can set for a destination. */
export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    ...connectionProperties({
      url: 'Use an account that may select, insert and update in the tables written to, and no more.',
      connections: 'Look-ups have as many again.',
    }),
    statement_timeout_ms: {
      type: 'integer',
      minimum: 1_000,
      maximum: 60_000,
      default: DEFAULTS.statement_timeout_ms,
      description: 'How long one statement may take on the server, waiting for locks included, in milliseconds.',
    },
    submission_column: {
      ...column('The unique column that makes creates repeatable. `flowgate destinations prepare` adds it.'),
      default: DEFAULTS.submission_column,
    },
    tables: {
      type: 'object',
      additionalProperties: table,
      description: 'What the database does not say of a table, by its name as mappings write it in `object`.',
    },
  },
}

/** What is set for a table, whether or not an operator said anything of it. */
export function tableSettings(config: SqlConfig, object: string): TableSettings {
  const { tables = {}, submission_column = DEFAULTS.submission_column } = config
  const own: TableConfig = Object.hasOwn(tables, object) ? (tables[object] ?? {}) : {}
  return {
    key: own.key,
    id: own.id,
    link: own.link,
    links: new Map(Object.entries(own.links ?? {})),
    submissionColumn: own.submission_column ?? submission_column,
    owner: own.owner,
  }
}

/** What can be done with rows of a table, as far as the settings say; what the database says is asked later. */
export function abilitiesOf(config: SqlConfig, object: string): readonly Ability[] {
  if (readObjectName(object) === undefined) return []
  const owner: readonly Ability[] = tableSettings(config, object).owner === undefined ? [] : ['owner']
  return ['create', 'upsert', 'find', 'update', ...owner]
}

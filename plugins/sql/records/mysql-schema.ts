import type { JsonObject } from 'flowgate/plugin'
import type { Outcome, Run } from '../connect/database.ts'
import { troubleOf } from '../connect/trouble-of.ts'
import type { ObjectName } from './object-name.ts'
import { quotedTable } from './quoted.ts'
import type { Column, ColumnKind, Right, Table, UniqueKey } from './table.ts'

/** Names in information_schema are found without regard to case: what is meant is told by the name that comes back. */
const OF_TABLE = `where table_schema = coalesce(?, database()) and table_name = ?
  and table_schema not in ('information_schema', 'mysql', 'performance_schema', 'sys')`

const COLUMNS = `select table_schema as owner, table_name as place, column_name as name, data_type as type,
  column_type as whole, is_nullable as nullable, column_default as given, character_maximum_length as length, extra as extra,
  column_comment as comment, privileges as rights, version() as version
  from information_schema.columns ${OF_TABLE} order by ordinal_position`

/** A key of a column's beginning, or of something computed, does not keep values apart. */
const KEYS = `select table_name as place, index_name as name, column_name as part, sub_part as beginning
  from information_schema.statistics ${OF_TABLE} and non_unique = 0 order by index_name, seq_in_index`

const REFERENCES = `select table_name as place, constraint_name as name, column_name as part,
  referenced_table_schema as to_schema, referenced_table_name as to_table, referenced_column_name as to_column
  from information_schema.key_column_usage ${OF_TABLE} and referenced_table_name is not null order by constraint_name`

const KINDS: Readonly<Record<string, ColumnKind>> = {
  char: 'text',
  varchar: 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  decimal: 'number',
  float: 'number',
  double: 'number',
  bit: 'bits',
  date: 'date',
  datetime: 'datetime',
  timestamp: 'datetime',
  json: 'json',
  enum: 'choice',
  set: 'choices',
  uuid: 'uuid',
}

/** https://dev.mysql.com/doc/refman/8.4/en/integer-types.html */
const BITS: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, mediumint: 24, int: 32, bigint: 64 }

/** Letters that stand for others behind a backslash, where the server writes out a type. */
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r' }

/** A table of MySQL or MariaDB as it is now; `undefined` where there is none of that very name. */
export async function readMysqlTable(run: Run, { schema, name }: ObjectName): Promise<Table | undefined> {
  const rowsOf = async (text: string) => {
    const { rows } = await run({ text, values: [schema ?? null, name] })
    return rows.filter(({ place }) => place === name)
  }
  const columns = await rowsOf(COLUMNS)
  const owner = columns[0]?.['owner']
  if (owner === undefined) return undefined
  const references = await rowsOf(REFERENCES)
  const json = await heldToJson(run, { schema: String(owner), name }, columns)
  const made = columns.map((row) => columnOf(row, references, json))
  return {
    schema: String(owner),
    name,
    label: name,
    columns: new Map(made.map((column) => [column.name, column])),
    keys: keysOf(await rowsOf(KEYS)),
  }
}

/**
 * MariaDB's JSON is text with a rule that comes along (https://mariadb.com/kb/en/json/). The view of all rules shows them
 * to owners alone; what makes the table is shown to whoever may read it.
 */
async function heldToJson(
  run: Run,
  table: Pick<Table, 'schema' | 'name'>,
  columns: readonly JsonObject[],
): Promise<readonly string[]> {
  const possible = columns.some(({ type, version }) => type === 'longtext' && /mariadb/i.test(text(version)))
  if (!possible) return []
  const question = { text: `show create table ${quotedTable('mysql', table)}`, values: [] }
  const { rows } = await run(question).catch(nothingIfDenied)
  const rules = text(rows[0]?.['Create Table']).matchAll(/CHECK \(json_valid\([`"]((?:[^`"]|``|"")+)[`"]\)\)/g)
  return [...rules].map(([, column = '']) => column.replaceAll('``', '`').replaceAll('""', '"'))
}

/** An account with rights to columns alone is not shown what makes the table, and can do its work all the same. */
function nothingIfDenied(error: unknown): Pick<Outcome, 'rows'> {
  if (troubleOf(error)?.kind === 'rights') return { rows: [] }
  throw error
}

function columnOf(row: JsonObject, references: readonly JsonObject[], json: readonly string[]): Column {
  const [name, type, whole, extra] = [text(row['name']), text(row['type']), text(row['whole']), text(row['extra'])]
  const kind = /^tinyint\(1\)/.test(whole) ? 'boolean' : json.includes(name) ? 'json' : (KINDS[type] ?? 'other')
  const nullable = row['nullable'] === 'YES'
  const options = kind === 'choice' || kind === 'choices' ? optionsIn(whole) : undefined
  const bits = BITS[type]
  const refersTo = referenceOf(name, references)
  return {
    name,
    label: text(row['comment']) || name,
    kind,
    nullable,
    filled: /auto_increment/i.test(extra) || (row['given'] !== null && row['given'] !== undefined),
    fixed: /generated/i.test(extra) && !/default_generated/i.test(extra),
    rights: text(row['rights'])
      .split(',')
      .filter((right): right is Right => ['select', 'insert', 'update'].includes(right)),
    unsigned: /unsigned/i.test(whole),
    bytes: /binary$|blob$/.test(type),
    ...(kind === 'text' && typeof row['length'] === 'number' ? { maxLength: row['length'] } : {}),
    ...(bits === undefined ? {} : { bits }),
    ...(options === undefined ? {} : { options }),
    ...(refersTo === undefined ? {} : { refersTo }),
  }
}

/** `enum('new','it''s known','either\\\\or')` */
function optionsIn(whole: string): readonly string[] {
  return [...whole.matchAll(/'((?:[^']|'')*)'/g)].map(([, option = '']) =>
    option.replaceAll("''", "'").replaceAll(/\\(.)/g, (_, letter: string) => ESCAPED[letter] ?? letter),
  )
}

/** Where a column refers to alone, not as one of several. */
function referenceOf(column: string, references: readonly JsonObject[]): Column['refersTo'] {
  const alone = references.find(
    ({ part, name }) => part === column && references.filter((other) => other['name'] === name).length === 1,
  )
  if (alone === undefined) return undefined
  return { schema: text(alone['to_schema']), table: text(alone['to_table']), column: text(alone['to_column']) }
}

function keysOf(rows: readonly JsonObject[]): readonly UniqueKey[] {
  const whole = Map.groupBy(rows, ({ name }) => text(name))
  return [...whole]
    .filter(([, parts]) => parts.every(({ part, beginning }) => part !== null && beginning === null))
    .map(([name, parts]) => ({ name, columns: parts.map(({ part }) => text(part)), primary: name === 'PRIMARY' }))
}

function text(value: unknown): string {
  return value === null || value === undefined ? '' : String(value)
}

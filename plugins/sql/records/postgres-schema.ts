import type { Run } from '../connect/database.ts'
import type { ObjectName } from './object-name.ts'
import { quoted } from './quoted.ts'
import type { Column, ColumnKind, Right, Table, UniqueKey } from './table.ts'

/**
 * One table with its columns and unique keys. From the catalogues, not from information_schema: that leaves out what the
 * account has no right to, so that a missing right would look like a missing column. A key counts where it holds for every
 * row at once: no partial, deferred or computed one.
 */
const TABLE = `
select n.nspname as schema, c.relname as name, obj_description(c.oid, 'pg_class') as comment,
  (select json_agg(json_build_object(
      'name', a.attname,
      'type', coalesce(base.typname, t.typname),
      'category', coalesce(base.typcategory, t.typcategory),
      'length', case when coalesce(base.typname, t.typname) in ('varchar', 'bpchar')
        then nullif(greatest(a.atttypmod, t.typtypmod), -1) - 4 end,
      'nullable', not (a.attnotnull or t.typnotnull),
      'filled', a.atthasdef or a.attidentity <> '' or t.typdefault is not null,
      'fixed', a.attgenerated <> '' or a.attidentity = 'a',
      'comment', col_description(c.oid, a.attnum),
      'rights', array(select r from unnest(array['select', 'insert', 'update']) as r
        where has_column_privilege(c.oid, a.attnum, r)),
      'options', (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum as e
        where e.enumtypid = coalesce(base.oid, t.oid)),
      'refers', (select json_build_object('schema', fn.nspname, 'table', fc.relname, 'column', fa.attname)
        from pg_constraint as k
        join pg_class as fc on fc.oid = k.confrelid
        join pg_namespace as fn on fn.oid = fc.relnamespace
        join pg_attribute as fa on fa.attrelid = fc.oid and fa.attnum = k.confkey[1]
        where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum]
        order by k.conname limit 1)
    ) order by a.attnum)
    from pg_attribute as a
    join pg_type as t on t.oid = a.atttypid
    left join pg_type as base on base.oid = t.typbasetype
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  (select json_agg(json_build_object('name', ic.relname, 'primary', i.indisprimary, 'columns',
      (select json_agg(a.attname order by k.place)
        from unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
        join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.attnum
        where k.place <= i.indnkeyatts)))
    from pg_index as i
    join pg_class as ic on ic.oid = i.indexrelid
    where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate
      and i.indpred is null and i.indexprs is null) as keys
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where c.oid = to_regclass($1) and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'f')
  and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`

interface ColumnRow {
  readonly name: string
  readonly type: string
  readonly category: string
  readonly length: number | null
  readonly nullable: boolean
  readonly filled: boolean
  readonly fixed: boolean
  readonly comment: string | null
  readonly rights: readonly Right[]
  readonly options: readonly string[] | null
  readonly refers: NonNullable<Column['refersTo']> | null
}

interface TableRow {
  readonly schema: string
  readonly name: string
  readonly comment: string | null
  readonly columns: readonly ColumnRow[] | null
  readonly keys: readonly UniqueKey[] | null
}

const KINDS: Readonly<Record<string, ColumnKind>> = {
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  numeric: 'number',
  float4: 'number',
  float8: 'number',
  bool: 'boolean',
  date: 'date',
  timestamp: 'datetime',
  timestamptz: 'instant',
  json: 'json',
  jsonb: 'json',
  uuid: 'uuid',
}

const BITS: Readonly<Record<string, number>> = { int2: 16, int4: 32, int8: 64 }

/** https://www.postgresql.org/docs/current/catalog-pg-type.html#CATALOG-TYPCATEGORY-TABLE */
const CATEGORIES: Readonly<Record<string, ColumnKind>> = { A: 'list', E: 'choice', S: 'text' }

/** A table of PostgreSQL as it is now; `undefined` where there is none of that very name. */
export async function readPostgresTable(run: Run, { schema, name }: ObjectName): Promise<Table | undefined> {
  const parts = schema === undefined ? [name] : [schema, name]
  const path = parts.map((part) => quoted('postgres', part)).join('.')
  const { rows } = await run({ text: TABLE, values: [path, name] })
  const row = rows[0] as TableRow | undefined
  if (row === undefined) return undefined
  const columns = (row.columns ?? []).map(columnOf)
  return {
    schema: row.schema,
    name: row.name,
    label: row.comment ?? row.name,
    columns: new Map(columns.map((column) => [column.name, column])),
    keys: row.keys ?? [],
  }
}

function columnOf(row: ColumnRow): Column {
  const bits = BITS[row.type]
  return {
    name: row.name,
    label: row.comment ?? row.name,
    kind: KINDS[row.type] ?? CATEGORIES[row.category] ?? 'other',
    nullable: row.nullable,
    filled: row.filled,
    fixed: row.fixed,
    rights: row.rights,
    bytes: row.type === 'bytea',
    ...(row.length === null ? {} : { maxLength: row.length }),
    ...(bits === undefined ? {} : { bits }),
    ...(row.options === null ? {} : { options: row.options }),
    ...(row.refers === null ? {} : { refersTo: row.refers }),
  }
}

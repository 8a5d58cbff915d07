import type { CrmField, CrmObject } from 'flowgate/plugin'
import { type Column, type ColumnKind, isUnique, type Table } from './table.ts'

const TYPES: Readonly<Record<ColumnKind, CrmField['type']>> = {
  text: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  instant: 'datetime',
  datetime: 'datetime',
  json: 'other',
  list: 'other',
  choice: 'choice',
  choices: 'choices',
  uuid: 'text',
  bits: 'other',
  base64: 'other',
  other: 'other',
}

/** A table in the terms of the contract, named as mappings name it. */
export function describeTable(object: string, table: Table): CrmObject {
  return { name: object, label: table.label, fields: [...table.columns.values()].map((column) => field(column, table)) }
}

function field(column: Column, table: Table): CrmField {
  return {
    name: column.name,
    label: column.label,
    type: column.refersTo === undefined ? TYPES[column.kind] : 'reference',
    required: !column.nullable && !column.filled && !column.fixed,
    writable: !column.fixed && column.rights.includes('insert') && column.rights.includes('update'),
    unique: isUnique(table, [column.name]),
    ...(column.maxLength === undefined ? {} : { maxLength: column.maxLength }),
    ...(column.options === undefined ? {} : { options: column.options.map((value) => ({ value, label: value })) }),
  }
}

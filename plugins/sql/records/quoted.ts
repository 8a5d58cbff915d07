import type { Dialect } from '../connect/dialect.ts'
import type { Table } from './table.ts'

const QUOTES: Readonly<Record<Dialect, string>> = { postgres: '"', mysql: '`' }

/** A name as one identifier, whatever stands in it; a dot in it divides nothing. */
export function quoted(dialect: Dialect, name: string): string {
  const quote = QUOTES[dialect]
  return `${quote}${name.replaceAll(quote, quote + quote)}${quote}`
}

/** A table with its schema, each quoted apart. */
export function quotedTable(dialect: Dialect, { schema, name }: Pick<Table, 'schema' | 'name'>): string {
  return `${quoted(dialect, schema)}.${quoted(dialect, name)}`
}

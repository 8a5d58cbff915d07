import type { PluginContext } from 'flowgate/plugin'
import { type Dialect, dialectOf } from '../connect/dialect.ts'
import { type NamedQuery, readQueryFile } from './query-file.ts'
import { DEFAULTS, type SqlSourceConfig } from './settings.ts'

/** The file of queries as mistakes in it are told. */
export function fileOf({ queries }: SqlSourceConfig): string {
  return queries.replace(/^\.\//, '')
}

/**
 * The queries of a source by name. Rejects with the sentences of a QueryFileError, or why the file cannot be read. Where
 * the address is not known yet, because its variable is not set, the file may be in either dialect.
 */
export async function namedQueries(
  config: SqlSourceConfig,
  context: Pick<PluginContext, 'readFile'>,
): Promise<ReadonlyMap<string, NamedQuery>> {
  const text = await context.readFile(config.queries)
  const read = (dialect: Dialect) =>
    readQueryFile(text, { file: fileOf(config), dialect, writes: config.writes ?? DEFAULTS.writes })
  const dialect = dialectOf(config.url)
  if (dialect !== undefined) return read(dialect)
  try {
    return read('postgres')
  } catch {
    return read('mysql')
  }
}

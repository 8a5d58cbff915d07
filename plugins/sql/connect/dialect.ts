/** Whose SQL a source speaks. MariaDB's is MySQL's as far as this plugin goes. */
export type Dialect = 'postgres' | 'mysql'

const SCHEMES: Readonly<Record<string, Dialect>> = {
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
}

/** The dialect that an address asks for by its scheme; `undefined` where it begins otherwise. */
export function dialectOf(url: string): Dialect | undefined {
  return SCHEMES[/^[a-z]+:/i.exec(url)?.[0].toLowerCase() ?? '']
}

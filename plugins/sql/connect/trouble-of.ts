import { mysqlTrouble } from './mysql-trouble.ts'
import { postgresTrouble } from './postgres-trouble.ts'
import { ConnectionError, type Trouble } from './trouble.ts'

/** What an error of a server or its driver means; `undefined` for every other error. */
export function troubleOf(error: unknown): Trouble | undefined {
  return error instanceof ConnectionError ? error.trouble : (postgresTrouble(error) ?? mysqlTrouble(error))
}

import type { PluginLog } from 'flowgate/plugin'
import type { Connecting } from './connecting.ts'
import type { Database } from './database.ts'
import { Mysql } from './mysql.ts'
import { Postgres } from './postgres.ts'

/** The database at that address, in its dialect. Connects when first asked. */
export function openDatabase(connecting: Connecting, log: PluginLog): Database {
  return connecting.server.dialect === 'postgres' ? new Postgres(connecting, log) : new Mysql(connecting)
}

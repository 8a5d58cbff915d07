import type { Command } from 'commander'
import { newCommand, type Shell } from '../shell.ts'

/** `flowgate migrate`: brings the database's tables up to this version. */
export function migrateCommand(shell: Shell): Command {
  return newCommand(
    'migrate',
    'Bring the tables up to this version. "start" does so by itself; run this first where its database user may not make tables.',
    'migrate',
  ).action(async (options: { json?: boolean }) => {
    const { migrateDatabase } = await import('../migrate-database.ts')
    shell.finish(await migrateDatabase(shell.terminal.env), options)
  })
}

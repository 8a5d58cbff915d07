import type { Command } from 'commander'
import type { CheckOptions } from '../check-configuration.ts'
import { newCommand, type Shell } from '../shell.ts'

/** `flowgate check`: is the configuration right? */
export function checkCommand(shell: Shell): Command {
  return newCommand(
    'check',
    'Check the configuration; names every mistake with file, line and column. Needs no secrets.',
    'check',
  )
    .option('--config <folder>', 'configuration folder (default: FLOWGATE_CONFIG or ./config)')
    .option('--live', 'also compare mappings with the fields that each CRM has now; needs its secrets, writes nothing')
    .action(async (options: CheckOptions & { json?: boolean }) => {
      const { checkConfiguration } = await import('../check-configuration.ts')
      shell.finish(await checkConfiguration(options, shell.terminal.env), options)
    })
}

import type { Command } from 'commander'
import type { ReplayOptions } from '../replay.ts'
import { newCommand, type Shell } from '../shell.ts'

/** `flowgate replay <id> | --failed`: sends again what failed, through the mapping as it is now. */
export function replayCommand(shell: Shell): Command {
  return newCommand(
    'replay',
    'Send failed deliveries again, through the mapping as it is now. Harmless when repeated: what was delivered stays delivered.',
    'replay --failed --destination hubspot',
  )
    .argument('[id]', 'one delivery')
    .option('--failed', 'all that failed')
    .option('--destination <name>', 'with --failed: only those to one destination')
    .option('--flow <name>', 'with --failed: only those of one flow')
    .option('--same-mapping', 'use the mapping the submission came with')
    .option('--config <folder>', 'configuration folder (default: FLOWGATE_CONFIG or ./config)')
    .action(async (id: string | undefined, options: ReplayOptions & { json?: boolean }) => {
      const { replay } = await import('../replay.ts')
      shell.finish(await replay(id, options, shell.terminal.env), options)
    })
}

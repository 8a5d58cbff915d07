import type { Command } from 'commander'
import type { ConfigOption } from '../configuration.ts'
import { newCommand, type Shell } from '../shell.ts'

/** `flowgate error`: what an error code means and what to do about it. */
export function errorCommand(shell: Shell): Command {
  return newCommand('error', 'Say what an error code means and what to do about it.', 'error FG_KEY_CUT_OFF')
    .argument('<code>', 'the code as it was printed, for example FG_KEY_CUT_OFF')
    .option('--config <folder>', 'where plugins of your own are named (default: FLOWGATE_CONFIG or ./config)')
    .action(async (code: string, options: ConfigOption & { json?: boolean }) => {
      const { explainCode } = await import('../explain-code.ts')
      shell.finish(await explainCode(code, options, shell.terminal.env), options)
    })
}

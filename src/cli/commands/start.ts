import { type Command, Option } from 'commander'
import { newCommand, type Shell } from '../shell.ts'
import type { StartOptions } from '../start-gateway.ts'

/** `flowgate start`: the gateway itself, until SIGTERM. */
export function startCommand(shell: Shell): Command {
  return newCommand(
    'start',
    'Run the gateway until SIGTERM or Ctrl-C. web answers Meta, worker delivers to CRM and team, all does both.',
    'start --role all',
  )
    .addOption(new Option('--role <role>', 'which half to run').choices(['all', 'web', 'worker']).default('all'))
    .action(async (options: StartOptions & { json?: boolean }) => {
      const { startGateway } = await import('../start-gateway.ts')
      shell.finish(await startGateway(options, shell.terminal.env), options)
    })
}

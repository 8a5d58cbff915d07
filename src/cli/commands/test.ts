import type { Command } from 'commander'
import type { ConfigOption } from '../configuration.ts'
import { newCommand, type Shell } from '../shell.ts'

/** `flowgate test [flow]`: do the flows do what their tests.yaml says? */
export function testCommand(shell: Shell): Command {
  return newCommand(
    'test',
    "Run the flows' own tests (tests.yaml) through the gateway's rules and mappings. Reaches no CRM and no source, needs no secrets.",
    'test lead-gen',
  )
    .argument('[flow]', 'name of one flow (default: all)')
    .option('--config <folder>', 'configuration folder (default: FLOWGATE_CONFIG or ./config)')
    .action(async (flow: string | undefined, options: ConfigOption & { json?: boolean }) => {
      const { testFlows } = await import('../test-flows.ts')
      shell.finish(await testFlows(flow, options, shell.terminal.env), options)
    })
}

import { type Command, Option } from 'commander'
import type { NewPluginOptions } from '../new-plugin.ts'
import { newCommand, type Shell } from '../shell.ts'

/** `flowgate new-plugin <name>`: the folder of a plugin of one's own. */
export function newPluginCommand(shell: Shell): Command {
  return newCommand(
    'new-plugin',
    'Write the folder of a new plugin: a small one that works, a stand-in for its vendor, and the conformance test. Never overwrites anything.',
    'new-plugin pipe-drive --kind crm --title "Pipe Drive"',
  )
    .argument('<name>', 'its name: the folder in config/plugins')
    .addOption(
      new Option('--kind <kind>', 'what it does: writes records, sends messages, or answers questions')
        .choices(['crm', 'notification', 'source'])
        .makeOptionMandatory(),
    )
    .option('--title <text>', 'what people call the vendor (default: its name in words)')
    .option('--config <folder>', 'configuration folder (default: FLOWGATE_CONFIG or ./config)')
    .action(async (name: string, options: NewPluginOptions & { json?: boolean }) => {
      const { newPlugin } = await import('../new-plugin.ts')
      shell.finish(await newPlugin(name, options, shell.terminal.env), options)
    })
}

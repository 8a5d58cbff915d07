import type { Command } from 'commander'
import type { ConfigOption } from '../configuration.ts'
import { newCommand, newGroup, type Shell } from '../shell.ts'
import type { TryOptions } from '../try-plugin.ts'

/** `flowgate plugin test | try`: for authors of plugins, and before a destination goes live. */
export function pluginCommand(shell: Shell): Command {
  return newGroup('plugin', 'Check plugins, of your own or at a real account', 'plugin test ./plugins/pipe-drive')
    .addCommand(testCommand(shell))
    .addCommand(tryCommand(shell))
}

function testCommand(shell: Shell): Command {
  return newCommand(
    'test',
    "Run the tests in a plugin's folder: the conformance checks against its stand-in. Nothing real is reached.",
    'plugin test ./plugins/pipe-drive',
  )
    .argument('<folder>', 'the plugin, as destinations.yaml names it')
    .option('--config <folder>', 'configuration folder (default: FLOWGATE_CONFIG or ./config)')
    .action(async (folder: string, options: ConfigOption & { json?: boolean }) => {
      const { testPlugin } = await import('../test-plugin.ts')
      shell.finish(await testPlugin(folder, options, shell.terminal), options)
    })
}

function tryCommand(shell: Shell): Command {
  return newCommand(
    'try',
    'Deliver one record or message to the real account of a destination, twice as after a lost reply, to see that it works and stays one.',
    'plugin try hubspot --input contact.yaml',
  )
    .argument('<destination>', 'a destination of destinations.yaml')
    .option('--input <file>', 'the record (object, match, fields) or message (title, text), as YAML or JSON')
    .option('--recipient <name>', "one of the destination's recipients")
    .option('--yes', 'deliver without asking')
    .option('--config <folder>', 'configuration folder (default: FLOWGATE_CONFIG or ./config)')
    .action(async (destination: string, options: TryOptions) => {
      const { tryPlugin } = await import('../try-plugin.ts')
      shell.finish(await tryPlugin(destination, options, shell.terminal), options)
    })
}

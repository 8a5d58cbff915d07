import type { Command } from 'commander'
import type { ConfigOption } from '../configuration.ts'
import type { PrepareOptions } from '../prepare-destination.ts'
import { newCommand, newGroup, type Shell } from '../shell.ts'

const CONFIG = 'configuration folder (default: FLOWGATE_CONFIG or ./config)'

/** `flowgate destinations pause | resume | status | prepare | describe`. */
export function destinationsCommand(shell: Shell): Command {
  return newGroup('destinations', 'The CRMs and channels that deliveries go to', 'destinations status')
    .addCommand(statusCommand(shell))
    .addCommand(pauseCommand(shell))
    .addCommand(resumeCommand(shell))
    .addCommand(prepareCommand(shell))
    .addCommand(describeCommand(shell))
}

function statusCommand(shell: Shell): Command {
  return newCommand(
    'status',
    'Show which destinations are active or paused, why, and what waits for them. Exits with 1 while anything is amiss.',
    'destinations status',
  )
    .option('--config <folder>', CONFIG)
    .action(async (options: ConfigOption & { json?: boolean }) => {
      const { destinationStatus } = await import('../destinations.ts')
      shell.finish(await destinationStatus(options, shell.terminal.env), options)
    })
}

function pauseCommand(shell: Shell): Command {
  return newCommand(
    'pause',
    'Hold everything for a destination until it is resumed. Nothing is lost.',
    'destinations pause hubspot',
  )
    .argument('<name>', 'the destination')
    .option('--config <folder>', CONFIG)
    .action(async (name: string, options: ConfigOption & { json?: boolean }) => {
      const { pauseDestination } = await import('../destinations.ts')
      shell.finish(await pauseDestination(name, options, shell.terminal.env), options)
    })
}

function resumeCommand(shell: Shell): Command {
  return newCommand(
    'resume',
    'Let a paused destination have its deliveries again, the waiting ones first.',
    'destinations resume hubspot',
  )
    .argument('<name>', 'the destination')
    .option('--config <folder>', CONFIG)
    .action(async (name: string, options: ConfigOption & { json?: boolean }) => {
      const { resumeDestination } = await import('../destinations.ts')
      shell.finish(await resumeDestination(name, options, shell.terminal.env), options)
    })
}

function prepareCommand(shell: Shell): Command {
  return newCommand(
    'prepare',
    'Show what a destination must have so that nothing is doubled, and make what is missing after asking.',
    'destinations prepare hubspot',
  )
    .argument('<name>', 'the destination')
    .option('--yes', 'make what is missing without asking')
    .option('--config <folder>', CONFIG)
    .action(async (name: string, options: PrepareOptions & { json?: boolean }) => {
      const { prepareDestination } = await import('../prepare-destination.ts')
      shell.finish(await prepareDestination(name, options, shell.terminal), options)
    })
}

function describeCommand(shell: Shell): Command {
  return newCommand(
    'describe',
    'Show the fields and choices that a CRM has now: of one kind of record, or of all that mappings write there.',
    'destinations describe hubspot contacts',
  )
    .argument('<name>', 'the destination')
    .argument('[object]', 'the kind of record, as the CRM calls it')
    .option('--config <folder>', CONFIG)
    .action(async (name: string, object: string | undefined, options: ConfigOption & { json?: boolean }) => {
      const { describeDestination } = await import('../describe-destination.ts')
      shell.finish(await describeDestination(name, object, options, shell.terminal), options)
    })
}

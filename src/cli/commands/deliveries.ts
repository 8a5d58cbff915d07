import { type Command, InvalidArgumentError } from 'commander'
import type { ListOptions } from '../deliveries.ts'
import { newCommand, type Shell } from '../shell.ts'

/** `flowgate deliveries`, and `show <id>`, `drop <id>` and `choose <id> <record>` below it: what is on its way, what arrived, what did not. */
export function deliveriesCommand(shell: Shell): Command {
  return newCommand(
    'deliveries',
    'List deliveries, newest first. With --failed it exits with 1 while there are any.',
    'deliveries --failed',
  )
    .option('--failed', 'only those that need somebody: failed, or possibly delivered')
    .option('--destination <name>', 'only those to one destination')
    .option('--flow <name>', 'only those of one flow')
    .option('--submission <id>', 'only those of one submission')
    .option('--limit <number>', 'how many at most', wholeNumber, 50)
    .option('--config <folder>', 'configuration folder (default: FLOWGATE_CONFIG or ./config)')
    .action(async (options: ListOptions & { json?: boolean }) => {
      const { listDeliveries } = await import('../deliveries.ts')
      shell.finish(await listDeliveries(options, shell.terminal.env), options)
    })
    .addCommand(showCommand(shell))
    .addCommand(dropCommand(shell))
    .addCommand(chooseCommand(shell))
}

function showCommand(shell: Shell): Command {
  return newCommand(
    'show',
    'Show one delivery: every attempt with what was sent (personal answers masked) and what came back.',
    'deliveries show dlv_01k9x2v7m3n4p5q6r7s8t9v0w1',
  )
    .argument('<id>', 'the delivery')
    .action(async (id: string, _options: object, command: Command) => {
      const { showDelivery } = await import('../deliveries.ts')
      shell.finish(await showDelivery(id, shell.terminal.env), command.optsWithGlobals())
    })
}

function dropCommand(shell: Shell): Command {
  return newCommand(
    'drop',
    'Give up a delivery that has failed, or may or may not have arrived: it is never sent again, and what waited for it goes on.',
    'deliveries drop dlv_01k9x2v7m3n4p5q6r7s8t9v0w1',
  )
    .argument('<id>', 'the delivery')
    .action(async (id: string, _options: object, command: Command) => {
      const { dropDelivery } = await import('../drop.ts')
      shell.finish(await dropDelivery(id, shell.terminal.env), command.optsWithGlobals())
    })
}

function chooseCommand(shell: Shell): Command {
  return newCommand(
    'choose',
    'Say which record a delivery is written to where several fit, or `new` for one of its own, and send it again.',
    'deliveries choose dlv_01k9x2v7m3n4p5q6r7s8t9v0w1 501',
  )
    .argument('<id>', 'the delivery')
    .argument('<record>', 'one of the records that "flowgate deliveries show" lists, or new')
    .option('--config <folder>', 'configuration folder (default: FLOWGATE_CONFIG or ./config)')
    .action(async (id: string, record: string, _options: object, command: Command) => {
      const { chooseRecord } = await import('../choose.ts')
      const options = command.optsWithGlobals()
      shell.finish(await chooseRecord(id, record, options, shell.terminal.env), options)
    })
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Write a whole number from 1 to 99999.')
}

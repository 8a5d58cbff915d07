import { type Command, InvalidArgumentError, Option } from 'commander'
import type { ListOptions } from '../hand-overs.ts'
import { newCommand, newGroup, type Shell } from '../shell.ts'

/** `flowgate hand-overs list | close`: people whom a form handed over to people. */
export function handOversCommand(shell: Shell): Command {
  return newGroup('hand-overs', 'People whom a form handed over to people', 'hand-overs list')
    .addCommand(listCommand(shell))
    .addCommand(closeCommand(shell))
}

function listCommand(shell: Shell): Command {
  return newCommand('list', 'List who waits, the longest first.', 'hand-overs list --all')
    .addOption(new Option('--open', 'only those that are not closed (default)').conflicts('all'))
    .option('--all', 'closed ones too, the newest first')
    .option('--limit <number>', 'how many at most', wholeNumber, 50)
    .action(async (options: ListOptions & { json?: boolean }) => {
      const { listHandOvers } = await import('../hand-overs.ts')
      shell.finish(await listHandOvers(options, shell.terminal.env), options)
    })
}

function closeCommand(shell: Shell): Command {
  return newCommand(
    'close',
    'Say that somebody has helped; harmless when said twice.',
    'hand-overs close hov_01k9x2v7m3n4p5q6r7s8t9v0w1 --by maria',
  )
    .argument('<id>', 'the hand-over')
    .option('--by <name>', 'who has helped')
    .action(async (id: string, options: { by?: string; json?: boolean }) => {
      const { closeHandOver } = await import('../hand-overs.ts')
      shell.finish(await closeHandOver(id, options.by, shell.terminal.env), options)
    })
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Write a whole number from 1 to 99999.')
}

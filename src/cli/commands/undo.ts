import type { Command } from 'commander'
import { newCommand, type Shell } from '../shell.ts'
import type { UndoOptions } from '../undo.ts'

/** `flowgate undo <submission>`: restores what a submission changed in records that were there before. */
export function undoCommand(shell: Shell): Command {
  return newCommand(
    'undo',
    'Show what a submission changed in records that were there before it, and restore what nobody changed since, after asking. Nothing is deleted.',
    'undo sub_01k9x2v7m3n4p5q6r7s8t9v0w1 --dry-run',
  )
    .argument('<submission>', 'the submission')
    .option('--dry-run', 'only show what would be restored')
    .option('--yes', 'restore without asking')
    .option('--config <folder>', 'configuration folder (default: FLOWGATE_CONFIG or ./config)')
    .action(async (id: string, options: UndoOptions) => {
      const { undoSubmission } = await import('../undo.ts')
      shell.finish(await undoSubmission(id, options, shell.terminal), options)
    })
}

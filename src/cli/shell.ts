import { Command } from 'commander'
import type { Outcome } from './outcome.ts'
import type { Terminal } from './terminal.ts'

/** What every command runs in: where it writes, and how it ends. */
export interface Shell {
  readonly terminal: Terminal
  /** Prints what the command came to, as text or with `--json` as one object, and sets the exit code. */
  finish(outcome: Outcome, options: { readonly json?: boolean }): void
}

/** A command with `--json` and an example under its help, to which its arguments, options and action are added. */
export function newCommand(name: string, summary: string, example: string): Command {
  return new Command(name)
    .description(summary)
    .option('--json', 'print one JSON object on standard output')
    .addHelpText('after', `\nExample:\n  $ flowgate ${example}`)
}

/** A command that only groups others, with an example under its help. */
export function newGroup(name: string, summary: string, example: string): Command {
  return new Command(name).description(summary).addHelpText('after', `\nExample:\n  $ flowgate ${example}`)
}

import { Command, CommanderError } from 'commander'
import { checkCommand } from './commands/check.ts'
import { deliveriesCommand } from './commands/deliveries.ts'
import { destinationsCommand } from './commands/destinations.ts'
import { doctorCommand } from './commands/doctor.ts'
import { errorCommand } from './commands/error.ts'
import { handOversCommand } from './commands/hand-overs.ts'
import { keysCommand } from './commands/keys.ts'
import { migrateCommand } from './commands/migrate.ts'
import { newFlowCommand } from './commands/new-flow.ts'
import { newPluginCommand } from './commands/new-plugin.ts'
import { peopleCommand } from './commands/people.ts'
import { pluginCommand } from './commands/plugin.ts'
import { replayCommand } from './commands/replay.ts'
import { simulateCommand } from './commands/simulate.ts'
import { startCommand } from './commands/start.ts'
import { testCommand } from './commands/test.ts'
import { tokensCommand } from './commands/tokens.ts'
import { undoCommand } from './commands/undo.ts'
import { CommandError } from './outcome.ts'
import type { Shell } from './shell.ts'
import type { Terminal } from './terminal.ts'
import { version } from './version.ts'

const COMMANDS = [
  startCommand,
  migrateCommand,
  newFlowCommand,
  newPluginCommand,
  checkCommand,
  testCommand,
  simulateCommand,
  deliveriesCommand,
  replayCommand,
  undoCommand,
  handOversCommand,
  peopleCommand,
  destinationsCommand,
  pluginCommand,
  tokensCommand,
  keysCommand,
  doctorCommand,
  errorCommand,
]

/** The whole command line, ready to parse. Nothing of the gateway is loaded until a command's action runs. */
export function buildProgram(shell: Shell): Command {
  const program = new Command('flowgate')
    .description('Self-hosted gateway between WhatsApp Flows and your CRM')
    .version(version(), '-V, --version', 'print the version')
    .enablePositionalOptions()
    .addHelpText('after', '\nExit codes: 0 all is well, 1 something was found wrong, 2 the command could not run.')
  for (const command of COMMANDS) program.addCommand(command(shell))
  settle(program, shell.terminal)
  return program
}

/** Runs one command line and resolves with its exit code: 0, 1 (found wrong) or 2 (could not run). Never rejects. */
export async function runProgram(argv: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0
  const finish: Shell['finish'] = (outcome, { json }) => {
    const text = json ? JSON.stringify(outcome.json) : outcome.text.trimEnd()
    if (text !== '') terminal.out(`${text}\n`)
    if (outcome.note !== undefined && !json) terminal.err(`${outcome.note}\n`)
    code = outcome.ok ? 0 : 1
  }
  try {
    await buildProgram({ terminal, finish }).parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    reportFailure(error, terminal, argv.includes('--json'))
    return 2
  }
}

/** Errors are thrown, not exited on, in every command; help goes to standard output, mistakes to standard error. */
function settle(command: Command, terminal: Terminal): void {
  command.exitOverride()
  command.configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) })
  for (const child of command.commands) settle(child, terminal)
}

/** Errors with a code of the catalogue say what to do; any other is a fault of the program. */
function reportFailure(error: unknown, terminal: Terminal, json: boolean): void {
  // A command passes on what a vendor said under the vendor's own code.
  const known =
    error instanceof CommandError || (error instanceof Error && 'code' in error && String(error.code).startsWith('FG_'))
  const code = known ? String(error.code) : 'FG_CLI_FAILED'
  const message = error instanceof Error ? error.message : String(error)
  if (json) terminal.out(`${JSON.stringify({ ok: false, error: { code, message } })}\n`)
  terminal.err(`${message}\n`)
  if (terminal.env['LOG_LEVEL'] === 'debug' && error instanceof Error) terminal.err(`${error.stack}\n`)
  else if (!known) terminal.err('Set LOG_LEVEL=debug to see where it happened.\n')
}

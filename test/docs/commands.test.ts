import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Command, CommanderError } from 'commander'
import { buildProgram } from '../../src/cli/program.ts'
import { commandLines } from './command-lines.ts'
import { readPages } from './markdown.ts'

/** The program with every action taken out: it parses and does nothing. */
function inertProgram(): Command {
  const program = buildProgram({ terminal: { env: {}, out: () => {}, err: () => {} }, finish: () => {} })
  const disarm = (command: Command): void => {
    if (command.commands.length === 0 || command.registeredArguments.length > 0 || command.options.length > 0) {
      command.action(() => {})
    }
    command.commands.forEach(disarm)
  }
  program.commands.forEach(disarm)
  return program
}

const lines = readPages().flatMap(commandLines)

test('the pages tell people to type commands, the front page those that matter most', () => {
  const typed = lines.filter(({ place }) => place.startsWith('README.md')).map(({ argv }) => argv[0])
  for (const command of [
    'check',
    'test',
    'simulate',
    'deliveries',
    'replay',
    'destinations',
    'tokens',
    'keys',
    'doctor',
  ]) {
    assert.ok(typed.includes(command), `README.md shows no "flowgate ${command}"`)
  }
})

for (const { place, argv } of lines) {
  test(`${place}: "flowgate ${argv.join(' ')}" is understood`, async () => {
    try {
      await inertProgram().parseAsync(argv, { from: 'user' })
    } catch (error) {
      // A group without a subcommand, and --help, print help.
      if (error instanceof CommanderError && ['commander.help', 'commander.helpDisplayed'].includes(error.code)) return
      assert.fail(`${place}: ${error instanceof Error ? error.message : error}`)
    }
  })
}

import { type Command, InvalidArgumentError } from 'commander'
import type { NewFlowOptions } from '../new-flow.ts'
import { newCommand, type Shell } from '../shell.ts'

/** `flowgate new-flow <name>`: the four files of a flow, from a Flow JSON or a list of fields. */
export function newFlowCommand(shell: Shell): Command {
  return newCommand(
    'new-flow',
    'Write the files of a new flow, made of an exported Flow JSON or of a list of fields, ready for check and test. Never overwrites anything.',
    `new-flow callback --fields 'full_name:text!, email:email!, time:choice(morning|afternoon)'
  $ flowgate new-flow booking --from ~/Downloads/flow.json --title "Book a visit"

Fields are separated by commas: a name, its type, "!" where an answer is needed, and words for people in quotes.
  text long_text email phone integer number boolean date choice(a|b) choices(a|b|c)
  'size:integer! "How many people?", plan:choice(basic "Basic plan"|pro "Pro plan"), consent:boolean!'`,
  )
    .argument('<name>', 'its name: the folder in config/flows, and the end of its address')
    .option('--from <file>', "a Flow JSON exported from Meta's Flow Builder; it is copied unchanged")
    .option('--fields <list>', 'fields to make a Flow JSON of; may be given several times', collect)
    .option('--per-screen <number>', 'with --fields: how many fields stand on a screen (default: 5)', parsePerScreen)
    .option('--title <text>', 'what people call it (default: its name in words)')
    .option('--version <text>', 'your name for this version (default: what the Flow JSON calls itself, else 1)')
    .option('--to-crm <destination>', 'where contacts are written (default: the first CRM in destinations.yaml)')
    .option('--notify <destination>', 'who is told (default: the first such destination in destinations.yaml)')
    .option('--config <folder>', 'configuration folder (default: FLOWGATE_CONFIG or ./config)')
    .action(async (name: string, options: NewFlowOptions & { json?: boolean }) => {
      const { newFlow } = await import('../new-flow.ts')
      shell.finish(await newFlow(name, options, shell.terminal.env, new Date()), options)
    })
}

function collect(list: string, before: readonly string[] = []): readonly string[] {
  return [...before, list]
}

function parsePerScreen(text: string): number {
  const number = Number(text)
  if (/^\d+$/u.test(text) && number >= 1 && number <= 20) return number
  throw new InvalidArgumentError('It is a whole number from 1 to 20.')
}

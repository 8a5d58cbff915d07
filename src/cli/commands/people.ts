import { type Command, InvalidArgumentError } from 'commander'
import { newCommand, newGroup, type Shell } from '../shell.ts'

/** `flowgate people show | questions | decide`: whose submissions are whose. */
export function peopleCommand(shell: Shell): Command {
  return newGroup('people', 'People whose submissions came in, by WhatsApp id, phone and e-mail', 'people questions')
    .addCommand(showCommand(shell))
    .addCommand(questionsCommand(shell))
    .addCommand(decideCommand(shell))
}

function showCommand(shell: Shell): Command {
  return newCommand('show', 'Show one person: keys and submissions.', 'people show +5511999990000')
    .argument('<person>', 'an id (per_…), a WhatsApp user id, a phone number with + or an e-mail address')
    .option('--reveal', 'show the keys unmasked')
    .action(async (person: string, options: { reveal?: boolean; json?: boolean }) => {
      const { showPerson } = await import('../people.ts')
      shell.finish(await showPerson(person, options, shell.terminal.env), options)
    })
}

function questionsCommand(shell: Shell): Command {
  return newCommand(
    'questions',
    'List who may be one person or several, the oldest first. Nothing is merged until somebody decides.',
    'people questions',
  )
    .option('--limit <number>', 'how many at most', wholeNumber, 50)
    .option('--reveal', 'show the keys of each person unmasked')
    .action(async (options: { limit: number; reveal?: boolean; json?: boolean }) => {
      const { listPersonQuestions } = await import('../people.ts')
      shell.finish(await listPersonQuestions(options, shell.terminal.env), options)
    })
}

function decideCommand(shell: Shell): Command {
  return newCommand(
    'decide',
    'Say whether the people of a question are one. It cannot be taken back.',
    'people decide pqs_01k9x2v7m3n4p5q6r7s8t9v0w1 same',
  )
    .argument('<question>', 'the question')
    .argument('<decision>', '`same`: they are one person from now on; `different`: they stay apart', decision)
    .option('--by <name>', 'who has decided')
    .action(async (id: string, given: 'same' | 'different', options: { by?: string; json?: boolean }) => {
      const { decidePeople } = await import('../people.ts')
      shell.finish(await decidePeople({ id, decision: given, by: options.by }, shell.terminal.env), options)
    })
}

function decision(text: string): 'same' | 'different' {
  if (text === 'same' || text === 'different') return text
  throw new InvalidArgumentError('Write same or different.')
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Write a whole number from 1 to 99999.')
}

import { DEFAULT_VERSION_KEY } from '../../config/schema/defaults.ts'
import { didYouMean } from '../../value/nearest.ts'
import { wordsOf } from './label.ts'
import { Scanner } from './scanner.ts'

/** What a field of `--fields` can be. */
const TYPES = [
  ...(['text', 'long_text', 'email', 'phone', 'integer', 'number', 'boolean', 'date'] as const),
  ...(['choice', 'choices'] as const),
]

/** One field of a list such as `full_name:text!, interests:choices(crm|support)`. */
export interface ListedField {
  readonly name: string
  readonly type: (typeof TYPES)[number]
  readonly required: boolean
  readonly label: string
  /** For `choice` and `choices`: id → title. */
  readonly options: ReadonlyMap<string, string>
}

/**
 * Reads lists of fields: `name`, `name:type`, `!` behind the type where an answer is needed, the options of a choice in
 * round brackets, words for people in quotes. Throws a CommandError that points at the first mistake.
 */
export function parseFieldList(texts: readonly string[]): readonly ListedField[] {
  const fields: ListedField[] = []
  const seen = new Set<string>()
  for (const [index, text] of texts.entries()) {
    const scanner = new Scanner(text, texts.length === 1 ? '--fields' : `--fields number ${index + 1}`)
    while (scanner.peek() !== '') {
      fields.push(readField(scanner, seen))
      if (scanner.take(',') || scanner.peek() === '') continue
      scanner.fail(scanner.position(), 'a comma belongs between two fields')
    }
    if (seen.size === 0) scanner.fail(0, 'no field is named: write for example email:email!')
  }
  return fields
}

/** Characters that end a name or a type. */
const ENDS = ':!,()|"\''

function readField(scanner: Scanner, seen: Set<string>): ListedField {
  const at = scanner.position()
  const name = scanner.until(ENDS)
  checkName(name, at, seen, scanner)
  seen.add(name)
  const type = scanner.take(':') ? readType(scanner) : 'text'
  const isChoice = type === 'choice' || type === 'choices'
  const marked = scanner.take('!')
  const brackets = scanner.position()
  const options = scanner.take('(') ? readOptions(scanner, brackets) : new Map<string, string>()
  if (isChoice && options.size === 0) scanner.fail(brackets, `${type} needs its options: ${type}(one|two)`)
  if (!isChoice && options.size > 0) scanner.fail(brackets, `only choice and choices have options, ${type} has none`)
  checkCount(type, options.size, brackets, scanner)
  const required = scanner.take('!') || marked
  const words = scanner.position()
  const label = scanner.quoted()
  const limit = labelLimit(type, required, options.size)
  if (label !== undefined) checkLabel(label, limit, words, scanner)
  return { name, type, required, label: label ?? cut(wordsOf(name), limit), options }
}

/** Names that payloads have for something else: errors of the gateway's, the version of the Flow JSON, the token. */
const RESERVED: readonly string[] = ['error', 'error_key', 'flow_token', DEFAULT_VERSION_KEY]

function checkName(name: string, at: number, seen: ReadonlySet<string>, scanner: Scanner): void {
  if (name === '') scanner.fail(at, 'a field begins with its name, as in email:email!')
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,79}$/u.test(name)) {
    scanner.fail(at, `\`${name}\` cannot be a name: letters, digits and underscores can, without a digit in front`)
  }
  if (RESERVED.includes(name))
    scanner.fail(at, `\`${name}\` has a meaning of its own in a payload: choose another name`)
  if (seen.has(name)) scanner.fail(at, `\`${name}\` is named twice`)
}

function readType(scanner: Scanner): ListedField['type'] {
  const at = scanner.position()
  const written = scanner.until(`${ENDS} \t\n`)
  const type = TYPES.find((known) => known === written)
  if (type !== undefined) return type
  const hint = didYouMean(written, TYPES) || `: there is ${TYPES.join(', ')}`
  return scanner.fail(
    at,
    written === '' ? `a type belongs behind the colon${hint}` : `there is no type \`${written}\`${hint}`,
  )
}

function readOptions(scanner: Scanner, opening: number): ReadonlyMap<string, string> {
  const options = new Map<string, string>()
  do {
    const at = scanner.position()
    const [id, title] = readOption(scanner)
    if (id === '') scanner.fail(at, 'an option is empty: write choice(one|two)')
    if (options.has(id)) scanner.fail(at, `the option \`${id}\` is named twice`)
    checkLabel(title, MOST_TITLE, at, scanner)
    options.set(id, title)
  } while (scanner.take('|'))
  if (scanner.take(')')) return options
  return scanner.peek() === ''
    ? scanner.fail(opening, 'this bracket is never closed')
    : scanner.fail(scanner.position(), 'options are separated by | and end with )')
}

/** `crm`, `crm "A CRM"`, `"A CRM"` or `A CRM`: what is no id itself gets one made of it. */
function readOption(scanner: Scanner): readonly [id: string, title: string] {
  const alone = scanner.quoted()
  if (alone !== undefined) return [idOf(alone), alone]
  const written = scanner.until('|)(,"\'')
  const title = scanner.quoted()
  if (title !== undefined) return [/^[\w.-]+$/u.test(written) ? written : idOf(written), title]
  return /^[\w.-]+$/u.test(written) ? [written, cut(wordsOf(written), MOST_TITLE)] : [idOf(written), written]
}

function idOf(title: string): string {
  const plain = title.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const id = plain.replaceAll(/[^\p{L}\p{N}]+/gu, '_').replaceAll(/^_+|_+$/gu, '')
  return id.slice(0, 80)
}

/** Meta, "Components": options of each list. */
const MOST_OPTIONS = { choice: 200, choices: 20 } as const

function checkCount(type: ListedField['type'], count: number, at: number, scanner: Scanner): void {
  if (type !== 'choice' && type !== 'choices') return
  const most = MOST_OPTIONS[type]
  if (count > most) scanner.fail(at, `${count} options: WhatsApp shows ${most} of a ${type} at most`)
}

/** Above this a list to choose one of unfolds instead of standing on the screen. */
export const MOST_RADIO_BUTTONS = 7

/** Characters of an option's title (Meta, "Components"). */
const MOST_TITLE = 30

/** Characters of a label (Meta, "Components"). */
function labelLimit(type: ListedField['type'], required: boolean, options: number): number {
  switch (type) {
    case 'date':
      return 40
    case 'choices':
      return 30
    case 'choice':
      return options > MOST_RADIO_BUTTONS ? 20 : 30
    case 'boolean':
      return required ? 120 : 30
    default:
      return 20
  }
}

function checkLabel(label: string, most: number, at: number, scanner: Scanner): void {
  if (label === '') scanner.fail(at, 'there are no words between the quotes')
  if (/[$`]/u.test(label)) scanner.fail(at, 'words for people hold neither $ nor `: Flow JSON computes with them')
  const length = [...label].length
  if (length > most) scanner.fail(at, `"${label}" has ${length} characters: WhatsApp shows ${most} here`)
}

/** What fits, cut between words. */
function cut(words: string, most: number): string {
  if (words.length <= most) return words
  const room = words.slice(0, most + 1)
  const blank = room.lastIndexOf(' ')
  return (blank > most / 2 ? room.slice(0, blank) : words.slice(0, most)).trim()
}

import type { CrmRecord, Message } from '../plugin/index.ts'
import { CommandError } from './outcome.ts'
import { readYamlFile } from './read-file.ts'

/** What `flowgate plugin try` sends where nothing else is given: it says of itself what it is. */
const SAMPLE: Message = {
  title: 'A test message of Flowgate',
  text: 'Somebody tries this destination by hand. There is nothing to do.',
  facts: [{ label: 'Characters', value: 'plain text: <b> *star* _line_ [x](y) & co.' }],
}

/** A record to write, from a YAML or JSON file with `object`, `fields` and, for an upsert, `match`. Throws a CommandError that shows the form. */
export function recordFrom(file: string | undefined): CrmRecord {
  if (file === undefined) {
    throw wrong('A CRM needs a record to write: name a file with --input.')
  }
  const read = readYamlFile(file)
  if (!isObject(read)) throw wrong(`${file} holds no record.`)
  const { object, match, fields, ...rest } = read
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) throw wrong(`${file}: ${unknown} is not known.`)
  if (typeof object !== 'string' || object === '') throw wrong(`${file} does not say which object.`)
  if (!isObject(fields) || Object.keys(fields).length === 0) throw wrong(`${file} has no fields.`)
  const base = { id: 'tried', object, fields: fields as CrmRecord['fields'], links: [] }
  if (match === undefined) return { ...base, operation: 'create' }
  if (typeof match !== 'string' || !Object.hasOwn(fields, match))
    throw wrong(`${file}: match names none of the fields.`)
  return { ...base, operation: 'upsert', match }
}

/** A message to send, from a YAML or JSON file with `title` and perhaps `text` and `recipient`, else the sample. */
export function messageFrom(file: string | undefined, recipient: string | undefined): Message {
  const addressed = recipient === undefined ? {} : { recipient: { kind: 'named', name: recipient } as const }
  if (file === undefined) return { ...SAMPLE, ...addressed }
  const read = readYamlFile(file)
  if (!isObject(read) || typeof read['title'] !== 'string') {
    throw new CommandError('FG_CLI_INPUT', `${file} holds no message: write "title: …", and "text: …" if you like.`)
  }
  const text = typeof read['text'] === 'string' ? { text: read['text'] } : {}
  return { title: read['title'], ...text, facts: [], ...addressed }
}

function wrong(message: string): CommandError {
  const form =
    'Write, for example:\n  object: contacts\n  match: email\n  fields: { email: test@example.com, firstname: Test }'
  return new CommandError('FG_CLI_INPUT', `${message} ${form}`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

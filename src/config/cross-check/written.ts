import type { Messages } from '../../flow/model.ts'
import type { CompiledCondition, CompiledValue } from '../../value/scope.ts'
import type { Path } from '../issue.ts'
import type { MessagesFile } from '../schema/flow.ts'
import { notificationsIn, recordsIn } from './mapping-items.ts'
import type { FlowParts, MappingParts } from './parts.ts'

/** What a value, condition or text belongs to. */
export type Part =
  | 'answer'
  | 'person'
  | 'ask'
  | 'value'
  | 'keep'
  | 'messages'
  | 'field'
  | 'data'
  | 'trigger'
  | 'check'
  | 'reserve'
  | 'repeat'
  | 'next'
  | 'mapping'

/** A compiled value, condition or words together with what the operator wrote and where. */
export interface Written {
  readonly paths: readonly string[]
  readonly raw: unknown
  readonly at: Path
  readonly part: Part
  /** The screen or ask it stands in; empty where it stands in neither. */
  readonly owner: string
  /** It is what people read: a template, or one for each language. */
  readonly words: boolean
}

type Compiled = Pick<CompiledValue | CompiledCondition, 'paths'> | undefined

const MESSAGES: readonly (readonly [keyof MessagesFile, keyof Messages])[] = [
  ['expired', 'expired'],
  ['sorry', 'sorry'],
  ['busy', 'busy'],
  ['check_answers', 'checkAnswers'],
  ['incomplete', 'incomplete'],
  ['required', 'required'],
  ['invalid', 'invalid'],
  ['moved', 'moved'],
]

/** Everything in `flow.yaml` that refers to something. */
export function* writtenInFlow(parts: FlowParts): Generator<Written> {
  const { file, flow } = parts
  yield* inMap(flow.answer, file.answer, ['answer'], 'answer', '')
  yield* inMap(flow.person, file.person, ['person'], 'person', '')
  for (const [index, { when }] of flow.opensAt.entries()) {
    yield* one(when, file.opens_at?.[index]?.when, ['opens_at', index, 'when'], 'answer', '')
  }
  yield* inAsks(parts)
  for (const [name, value] of flow.values) yield* one(value, file.values?.[name], ['values', name], 'value', name)
  for (const [key, name] of MESSAGES) {
    const raw = file.messages?.[key]
    if (raw !== undefined) yield* words(flow.messages[name], raw, ['messages', key], 'messages', '')
  }
  for (const id of flow.screens.keys()) yield* inScreen(parts, id)
}

function* inAsks({ file, flow }: FlowParts): Generator<Written> {
  for (const [name, ask] of flow.asks) {
    const raw = file.asks?.[name]
    const at = ['asks', name]
    yield* inMap(ask.with, raw?.with, [...at, 'with'], 'ask', name)
    yield* one(ask.when, raw?.when, [...at, 'when'], 'ask', name)
    for (const [index, fallback] of ask.ifUnavailable.entries()) {
      if (fallback.kind !== 'message') continue
      const all = raw?.if_unavailable
      const place = Array.isArray(all) ? [...at, 'if_unavailable', index] : [...at, 'if_unavailable']
      const declared = Array.isArray(all) ? all[index] : all
      const said = typeof declared === 'object' && 'message' in declared ? declared.message : undefined
      yield* words(fallback.words, said, [...place, 'message'], 'messages', '')
    }
  }
}

function* inScreen({ file, flow }: FlowParts, id: string): Generator<Written> {
  const screen = flow.screens.get(id)
  const raw = file.screens[id]
  if (screen === undefined || raw === undefined) return
  const at = ['screens', id]
  for (const [name, { message, required }] of screen.fields) {
    yield* words(message, raw.fields?.[name]?.message, [...at, 'fields', name, 'message'], 'field', id)
    yield* one(required, raw.fields?.[name]?.required, [...at, 'fields', name, 'required'], 'field', id)
  }
  yield* inMap(screen.data, raw.data, [...at, 'data'], 'data', id)
  for (const [index, { when }] of screen.triggers.entries()) {
    yield* one(when, raw.triggers?.[index]?.when, [...at, 'triggers', index, 'when'], 'trigger', id)
  }
  for (const [index, check] of screen.checks.entries()) {
    const [written, place] = [raw.checks?.[index], [...at, 'checks', index]]
    yield* one(check.when, written?.when, [...place, 'when'], 'check', id)
    yield* one(check.that, written?.that, [...place, 'that'], 'check', id)
    yield* words(check.message, written?.message, [...place, 'message'], 'check', id)
    yield* words(check.okMessage, written?.ok_message, [...place, 'ok_message'], 'check', id)
    yield* one(check.value, written?.value, [...place, 'value'], 'check', id)
  }
  for (const [name, reserve] of screen.reserves) {
    const [written, place] = [raw.reserves?.[name], [...at, 'reserves', name]]
    yield* inMap(reserve.with, written?.with, [...place, 'with'], 'reserve', id)
    yield* words(reserve.taken, written?.taken, [...place, 'taken'], 'reserve', id)
  }
  yield* inMap(screen.keep, raw.keep, [...at, 'keep'], 'keep', id)
  yield* one(screen.repeat?.times, raw.repeat?.times, [...at, 'repeat', 'times'], 'repeat', id)
  for (const [index, { when }] of screen.next.entries()) {
    yield* one(when, raw.next?.[index]?.when, [...at, 'next', index, 'when'], 'next', id)
  }
}

/** Everything in `mapping.yaml` that refers to something. */
export function* writtenInMapping({ file, mapping }: MappingParts): Generator<Written> {
  for (const [index, { raw, at }] of recordsIn(file).entries()) {
    const record = mapping.records[index]
    yield* one(record?.when, raw.when, [...at, 'when'], 'mapping', '')
    yield* inMap(record?.fields, raw.fields, [...at, 'fields'], 'mapping', '')
    for (const [place, value] of (record?.files ?? []).entries()) {
      yield* one(value, raw.files?.[place], [...at, 'files', place], 'mapping', '')
    }
  }
  for (const [index, { raw, at }] of notificationsIn(file).entries()) {
    const notification = mapping.notifications[index]
    if (notification === undefined) continue
    const { when, recipient, title, text, facts, link } = notification
    yield* one(when, raw.when, [...at, 'when'], 'mapping', '')
    if (recipient?.kind === 'named') {
      yield* one(recipient.name, raw.recipient, [...at, 'recipient'], 'mapping', '')
    }
    yield* one(title, raw.title, [...at, 'title'], 'mapping', '')
    yield* one(text, raw.text, [...at, 'text'], 'mapping', '')
    for (const { label, value } of facts) {
      yield* one(value, raw.facts?.[label], [...at, 'facts', label], 'mapping', '')
    }
    yield* one(link?.url, raw.link?.url, [...at, 'link', 'url'], 'mapping', '')
  }
}

function* one(compiled: Compiled, raw: unknown, at: Path, part: Part, owner: string): Generator<Written> {
  if (compiled !== undefined) yield { paths: compiled.paths, raw, at, part, owner, words: false }
}

function* words(compiled: Compiled, raw: unknown, at: Path, part: Part, owner: string): Generator<Written> {
  if (compiled !== undefined) yield { paths: compiled.paths, raw, at, part, owner, words: true }
}

function* inMap(
  compiled: ReadonlyMap<string, Compiled> | undefined,
  raw: Readonly<Record<string, unknown>> | undefined,
  at: Path,
  part: Part,
  owner: string,
): Generator<Written> {
  for (const [key, value] of compiled ?? []) yield* one(value, raw?.[key], [...at, key], part, owner)
}

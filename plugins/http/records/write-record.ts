import { type Call, type CrmRecord, FailureError, type Json, type JsonObject, type Receipt } from 'flowgate/plugin'
import { refused, unavailable } from '../calls/failure.ts'
import { hostOf, type Line } from '../calls/line.ts'
import { type Find, type Found, find, theOne } from '../deliveries/find.ts'
import { linkOf, openable } from '../deliveries/link.ts'
import { onceMore, perform, type Write, type Written } from '../deliveries/write.ts'
import { ScopePlaces } from '../places/scope-places.ts'
import type { HttpSettings, ObjectSettings } from './crm-settings.ts'

/** What records are written with. */
export interface CrmLine extends Line, HttpSettings {}

/** What one record is written with. */
interface Writing {
  readonly line: CrmLine
  readonly object: ObjectSettings
  readonly record: CrmRecord
  readonly call: Call
}

// Between our look and our write somebody else made the record: the next attempt finds it.
const MADE_MEANWHILE: ReadonlyMap<number, 'retryable'> = new Map([[409, 'retryable']])

/** Writes one record once. Rejects with FailureErrors only. */
export async function writeRecord(line: CrmLine, record: CrmRecord, call: Call): Promise<Receipt> {
  const object = objectOf(line, record.object)
  if (record.files !== undefined && record.files.length > 0) {
    throw refused('FG_HTTP_FILES', `Files cannot be attached to ${record.object}: take \`files\` out of the record.`)
  }
  const writing = { line, object, record, call }
  const written = record.operation === 'create' ? create(writing) : upsert(writing)
  return await onceMore({ line, call, blind: isBlind(writing) }, written)
}

/** Whether nothing can tell later what of this landed. */
function isBlind({ line, object, record }: Writing): boolean {
  if (record.operation === 'create')
    return object.keyField === undefined && !(object.create && isRepeatable(object.create, line))
  const write = record.existing === undefined ? (object.upsert ?? object.update) : object.update
  return write !== undefined && !isRepeatable(write, line)
}

/** The settings of a kind of record; a permanent failure where there are none. */
export function objectOf({ objects }: HttpSettings, name: string): ObjectSettings {
  const object = objects.get(name)
  if (object !== undefined) return object
  throw missing(`The settings have no \`objects.${name}\`; there is ${[...objects.keys()].join(', ')}`)
}

/** A request that the settings should have and have not. */
export function missing(what: string): FailureError {
  return refused('FG_HTTP_NO_REQUEST', `${what}: correct the settings of the destination or \`object\` of the mapping.`)
}

/** The records whose field has this value. */
export async function lookFor(
  line: CrmLine,
  object: ObjectSettings,
  request: Find,
  look: { readonly field: string; readonly value: string },
  call: Call,
): Promise<readonly Found[]> {
  const scope = { key: call.idempotencyKey, object: object.name, ...look, id: look.value }
  return find(line, request, new ScopePlaces(scope), call, look)
}

async function create(writing: Writing): Promise<Receipt> {
  const { line, object, record, call } = writing
  const { create: write, keyField } = object
  if (write === undefined) throw missing(`\`objects.${object.name}\` has no \`create\``)
  const repeatable = isRepeatable(write, line)
  const found = call.uncertain || call.resend ? await landed(writing) : undefined
  if (found !== undefined) return receipt(writing, write, 'created', found.id, undefined)
  if (call.uncertain && !call.resend && !repeatable && keyField === undefined) throw unknown(line)
  const written = await perform(write, sending(writing, {}, repeatable || keyField !== undefined))
  if (written.kind === 'done') return receipt(writing, write, 'created', idOf(writing, write, written), written.reply)
  const there = idIn(write, written) ?? (await landed(writing))?.id ?? call.idempotencyKey
  return receipt({ ...writing, record }, write, 'unchanged', there, written.reply)
}

async function upsert(writing: Writing): Promise<Receipt> {
  const { line, object, record, call } = writing
  if (record.existing !== undefined) return update(writing, record.existing)
  const match = { field: record.match ?? '', value: textOf(record.fields[record.match ?? '']) }
  if (match.value === '') {
    const message = `The field ${match.field} that finds the record is empty: correct the mapping.`
    throw refused('FG_HTTP_VALUE', message, [match.field])
  }
  const { upsert: write } = object
  if (write !== undefined) return upsertAtOnce(writing, write, match)
  if (object.find === undefined || object.create === undefined || object.update === undefined) {
    throw missing(`\`objects.${object.name}\` has no \`upsert\`, nor \`find\`, \`create\` and \`update\` instead`)
  }
  const found = theOne(await lookFor(line, object, object.find, match, call))
  if (found !== undefined) return update(writing, found.id)
  // A repeat looks by the match field first, so it can tell.
  const written = await perform(object.create, { ...sending(writing, {}, true), otherwise: MADE_MEANWHILE })
  if (written.kind === 'done') {
    return receipt(writing, object.create, 'created', idOf(writing, object.create, written), written.reply)
  }
  const there = idIn(object.create, written) ?? theOne(await lookFor(line, object, object.find, match, call))?.id
  return receipt(writing, object.create, 'unchanged', there ?? call.idempotencyKey, written.reply)
}

async function upsertAtOnce(writing: Writing, write: Write, match: { field: string; value: string }): Promise<Receipt> {
  const { line, call } = writing
  const repeatable = isRepeatable(write, line)
  if (call.uncertain && !call.resend && !repeatable) throw unknown(line)
  const written = await perform(write, sending(writing, { match }, repeatable))
  if (written.kind === 'there') {
    return receipt(writing, write, 'unchanged', idIn(write, written) ?? call.idempotencyKey, written.reply)
  }
  const outcome = written.status === 201 ? 'created' : 'updated'
  return receipt(writing, write, outcome, idOf(writing, write, written), written.reply)
}

async function update(writing: Writing, id: string): Promise<Receipt> {
  const { line, object, call } = writing
  const { update: write } = object
  if (write === undefined) throw missing(`\`objects.${object.name}\` has no \`update\``)
  const repeatable = isRepeatable(write, line)
  if (call.uncertain && !call.resend && !repeatable) throw unknown(line)
  const written = await perform(write, sending(writing, { id }, repeatable))
  return receipt(writing, write, written.kind === 'done' ? 'updated' : 'unchanged', id, written.reply)
}

/** What an earlier attempt made, where the API can be asked for its key. */
async function landed({ line, object, call }: Writing): Promise<Found | undefined> {
  const { find: request, keyField } = object
  if (request === undefined || keyField === undefined) return undefined
  return theOne(await lookFor(line, object, request, { field: keyField, value: call.idempotencyKey }, call))
}

function isRepeatable({ repeatable }: Write, { idempotencyHeader }: HttpSettings): boolean {
  return repeatable || idempotencyHeader !== undefined
}

function sending({ line, record, call }: Writing, more: JsonObject, canTell: boolean) {
  const { idempotencyHeader } = line
  return {
    line,
    places: new ScopePlaces({ ...scopeOf(record, call), ...more }),
    call,
    idempotencyHeader,
    blind: !canTell,
  }
}

function scopeOf(record: CrmRecord, call: Call): JsonObject {
  // Of several records of one kind the first one listed is the one.
  const links = Object.fromEntries(record.links.map(({ object, id }) => [object, id]).reverse())
  const match = record.match === undefined ? {} : { field: record.match, value: record.fields[record.match] ?? null }
  return {
    key: call.idempotencyKey,
    object: record.object,
    record: record.id,
    fields: record.fields,
    links,
    match,
    ...(call.resend ? { repeat: 'possibly a repeat' } : {}),
  }
}

function receipt(
  { line, object, record, call }: Writing,
  write: Write,
  outcome: Receipt['outcome'],
  id: string,
  reply: Json | undefined,
): Receipt {
  const scope = {
    key: call.idempotencyKey,
    object: object.name,
    id,
    fields: record.fields,
    ...(reply === undefined ? {} : { reply }),
  }
  const told = reply === undefined ? undefined : openable(write.url?.(reply))
  const url = told ?? (object.link === undefined ? undefined : linkOf(object.link, new ScopePlaces(scope)))
  if (url === undefined && object.link !== undefined) line.context.log.warn({ object: object.name }, 'link.left_out')
  return { outcome, id, ...(url === undefined ? {} : { url }) }
}

/** The id that a success carries, where the settings say where. It was done, so a repeat is told that it may have been. */
function idOf({ line, call }: Writing, write: Write, written: Written): string {
  const id = idIn(write, written)
  if (id !== undefined) return id
  if (write.id === undefined) return call.idempotencyKey
  const message = `${hostOf(line)} confirmed, and its reply holds no id at \`${write.id.text}\`: correct \`id\`.`
  throw unavailable(line.codes.reply, message)
}

function idIn(write: Write, { reply }: Written): string | undefined {
  const id = reply === undefined ? undefined : write.id?.path(reply)
  return (typeof id === 'string' && id !== '') || typeof id === 'number' ? String(id) : undefined
}

function textOf(value: Json | undefined): string {
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value)
}

function unknown(line: Line): FailureError {
  const message =
    `An earlier attempt may have landed, and ${hostOf(line)} cannot be asked: look there, then replay or drop the delivery. ` +
    '`idempotency_header`, `key_field` or `repeatable` prevent this where the API allows one of them.'
  return new FailureError({ kind: 'unknown', code: 'FG_HTTP_UNKNOWN', message })
}

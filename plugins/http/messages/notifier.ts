import {
  type Call,
  FailureError,
  type Json,
  type JsonObject,
  type Message,
  type Notifier,
  type PluginContext,
  type Receipt,
} from 'flowgate/plugin'
import { DELIVERY_CODES } from '../calls/codes.ts'
import { unavailable } from '../calls/failure.ts'
import { hostOf, type Line } from '../calls/line.ts'
import { deliveryHealth } from '../deliveries/delivery-health.ts'
import { find, theOne } from '../deliveries/find.ts'
import { linkOf, openable } from '../deliveries/link.ts'
import { onceMore, perform, type Sending } from '../deliveries/write.ts'
import { ScopePlaces } from '../places/scope-places.ts'
import { messageScope } from './message-scope.ts'
import type { HttpMessageSettings } from './message-settings.ts'
import { addressOf } from './recipient.ts'

interface MessageLine extends Line, HttpMessageSettings {}

/** A channel behind an HTTP API. */
export function httpNotifier(settings: HttpMessageSettings, context: PluginContext): Notifier {
  const line: MessageLine = { ...settings, context, codes: DELIVERY_CODES }
  return {
    health: (call) => deliveryHealth(line, settings.health, call),
    deliver: (message, call) => send(line, message, call),
    // Connections belong to the gateway, which lends them.
    close: async () => undefined,
  }
}

async function send(line: MessageLine, message: Message, call: Call): Promise<Receipt> {
  const { write, look, directory, markup, idempotencyHeader } = line
  const scope = messageScope(message, addressOf(message.recipient, directory), call, {
    markup,
    places: write.request.places,
  })
  const places = new ScopePlaces(scope)
  const repeatable = write.repeatable || idempotencyHeader !== undefined
  if (call.uncertain || call.resend) {
    const found = look === undefined ? undefined : theOne(await find(line, look, places, call))
    if (found !== undefined) return receipt(line, found.id, undefined, call)
    if (look === undefined && !repeatable && !call.resend) throw unknown(line)
  }
  const blind = !repeatable && look === undefined
  const sending = { line, places, call, idempotencyHeader, blind }
  return await onceMore(sending, sent(line, sending))
}

async function sent(line: MessageLine, sending: Sending): Promise<Receipt> {
  const { write } = line
  const { call } = sending
  const { kind, reply } = await perform(write, sending)
  const id = reply === undefined ? undefined : write.id?.path(reply)
  const told = (typeof id === 'string' && id !== '') || typeof id === 'number' ? String(id) : undefined
  if (told === undefined && kind === 'done' && write.id !== undefined) {
    const message = `${hostOf(line)} confirmed, and its reply holds no id at \`${write.id.text}\`: correct \`id\`.`
    throw unavailable(line.codes.reply, message)
  }
  return receipt(line, told ?? call.idempotencyKey, reply, call)
}

function receipt({ write, link }: MessageLine, id: string, reply: Json | undefined, call: Call): Receipt {
  const scope: JsonObject = { id, key: call.idempotencyKey, ...(reply === undefined ? {} : { reply }) }
  const told = reply === undefined ? undefined : openable(write.url?.(reply))
  const url = told ?? (link === undefined ? undefined : linkOf(link, new ScopePlaces(scope)))
  return { outcome: 'sent', id, ...(url === undefined ? {} : { url }) }
}

function unknown(line: Line): FailureError {
  const message =
    `An earlier attempt may have landed, and ${hostOf(line)} cannot be asked: look there, then replay or drop the delivery. ` +
    '`idempotency_header` or `find` prevents this where the API has one of them.'
  return new FailureError({ kind: 'unknown', code: 'FG_HTTP_UNKNOWN', message })
}

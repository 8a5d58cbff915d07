import { Webhook } from 'standardwebhooks'

/** Signs one event for one attempt. */
export type Sign = (id: string, at: Date, body: string) => Readonly<Record<string, string>>

// Bytes: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#symmetric
const SHORTEST = 24
const LONGEST = 64

/** Signs with every secret, so that a receiver may change from one to the next. None of them has a `secretFault`. */
export function signer(secrets: readonly string[]): Sign {
  const webhooks = secrets.map((secret) => new Webhook(secret))
  return (id, at, body) => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': webhooks.map((webhook) => webhook.sign(id, at, body)).join(' '),
  })
}

/**
 * The id of an event: the key of its delivery, the same in every attempt. Dots separate the parts that are signed, so an id
 * has none; the one that the key of a record holds stands at a place of its own.
 */
export function eventId(idempotencyKey: string): string {
  return `msg_${idempotencyKey.replace(/[^A-Za-z0-9_-]/gu, (sign) => `-${(sign.codePointAt(0) ?? 0).toString(16)}-`)}`
}

/** A sentence, without the secret, where one is not `whsec_` and the base64 of 24 to 64 bytes. */
export function secretFault(secret: string, index: number): string | undefined {
  const text = /^whsec_([A-Za-z0-9+/]+={0,2})$/u.exec(secret)?.[1]
  const bytes = text === undefined || text.length % 4 !== 0 ? 0 : Buffer.from(text, 'base64').length
  if (bytes >= SHORTEST && bytes <= LONGEST) return undefined
  const cure = `write whsec_ and the base64 of ${SHORTEST} to ${LONGEST} random bytes, as the receiver has it`
  return `secret ${index + 1} of \`secrets\` is none: ${cure}`
}

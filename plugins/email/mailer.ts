import type { Readable } from 'node:stream'
import { type Call, type Failure, FailureError, type Message, type PluginContext, type Receipt } from 'flowgate/plugin'
import { createTransport } from 'nodemailer'
import type { SMTPPoolOptions } from 'nodemailer/lib/smtp-pool'
import { domainOf } from './address.ts'
import { compose } from './compose.ts'
import type { EmailConfig } from './config.ts'
import { failureOf, partlyRefused } from './failure.ts'
import { messageId, threadOf } from './message-id.ts'
import { addressesOf } from './recipient.ts'

/** Sends messages over connections that it keeps for a while. */
export class Mailer {
  readonly #config: EmailConfig
  readonly #context: PluginContext
  readonly #transport
  /** The content of each message under way, by its id: once it is read from, the server may have it. */
  readonly #contents = new Map<string, Readable>()

  constructor(config: EmailConfig, context: PluginContext, options: SMTPPoolOptions & { readonly pool: true }) {
    this.#config = config
    this.#context = context
    this.#transport = createTransport({ ...options })
    this.#transport.use('stream', (mail, done) => {
      const { message } = mail
      const createReadStream = message.createReadStream.bind(message)
      message.createReadStream = (streaming) => {
        const content = createReadStream(streaming)
        this.#contents.set(message.messageId(), content)
        return content
      }
      done()
    })
  }

  /**
   * Sends a message once. SMTP has no key and no look-up, so an uncertain call ends as `unknown`, unless the operator chose
   * to send again: then the message says so. The receipt's id is the Message-ID, the same at every try.
   */
  async deliver(message: Message, call: Call): Promise<Receipt> {
    const addresses = addressesOf(this.#config, message.recipient)
    if (call.uncertain && !call.resend) throw new FailureError(possiblySent)
    await this.#context.spend('all', call.signal)
    const id = messageId(call.idempotencyKey, domainOf(this.#config.from))
    const info = await this.#send(message, call, addresses, id)
    if (info.rejected.length > 0) {
      throw new FailureError(partlyRefused(info.rejected, info.rejectedErrors ?? [], addresses.length))
    }
    // Some providers give every message an id of their own, which is then what its reader has.
    return { outcome: 'sent', id: info.serverMessageId ?? id }
  }

  /** Lets go of all connections; what is under way ends as a failure. */
  close(): void {
    this.#transport.close()
  }

  async #send(message: Message, call: Call, addresses: readonly string[], id: string) {
    const { from, from_name: name = '' } = this.#config
    const thread = threadOf(message.completes?.id)
    try {
      return await this.#transport.sendMail({
        ...compose(message, call.resend),
        // As objects: a text would be taken apart at its commas.
        from: { name, address: from },
        to: addresses.map((address) => ({ name: '', address })),
        messageId: id,
        ...(thread === undefined ? {} : { inReplyTo: thread, references: thread }),
        // Keeps notices of absence from answering (RFC 3834).
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: call.signal,
      })
    } catch (error) {
      const failure = failureOf(error, { begun: this.#contents.get(id)?.readableDidRead ?? false })
      throw new FailureError(call.resend ? onceMore(failure) : failure)
    } finally {
      this.#contents.delete(id)
    }
  }
}

/** What was sent again and got no clear answer is not sent a third time by itself. */
function onceMore(failure: Failure): Failure {
  if (failure.kind !== 'retryable' || failure.nothingWritten) return failure
  return { ...possiblySent, message: `${failure.message} ${possiblySent.message}` }
}

const possiblySent = {
  kind: 'unknown',
  code: 'FG_EMAIL_POSSIBLY_SENT',
  message: 'It may have been sent, and mail servers cannot be asked. Ask a recipient, then send again or drop it.',
} as const

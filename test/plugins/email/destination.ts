import type { Call, Message, Notifier, PluginContext, Receipt } from 'flowgate/plugin'
import type { EmailConfig } from '../../../plugins/email/config.ts'
import email from '../../../plugins/email/index.ts'
import { type ReadMail, readMail } from '../../stand-ins/mail-read.ts'
import { type SmtpStandIn, type SmtpStandInOptions, startSmtp } from '../../stand-ins/smtp.ts'
import { pluginContext } from '../../support/plugin-context.ts'

/** An e-mail destination on a mail server of its own. */
export interface EmailDestination extends AsyncDisposable {
  readonly server: SmtpStandIn
  readonly instance: Notifier
  /** Delivers a small message with this call. */
  deliver(differences: Partial<Call>, message?: Partial<Message>): Promise<Receipt>
  /** The mails that the server took, as their readers see them. */
  read(): ReadMail[]
}

/** What a test wants different. */
export interface EmailDifferences {
  readonly config?: Partial<EmailConfig>
  readonly context?: Partial<PluginContext>
  readonly server?: SmtpStandInOptions
}

/** A first call with key `delivery-1`, with what a test wants different. */
export function callOf(differences: Partial<Call>): Call {
  const signal = AbortSignal.timeout(120_000)
  return { signal, idempotencyKey: 'delivery-1', attempt: 1, uncertain: false, resend: false, ...differences }
}

/** Starts a mail server without encryption and configures the plugin for it. */
export async function emailDestination(different: EmailDifferences = {}): Promise<EmailDestination> {
  const server = await startSmtp(different.server)
  const settings: EmailConfig = {
    host: '127.0.0.1',
    port: server.port,
    security: 'none',
    from: 'leads@flowgate.example',
    to: 'sales@acme.example',
    recipients: { vip: ['bo@acme.example', 'cy@acme.example'], night: 'night@acme.example' },
  }
  const config = { ...settings, ...different.config }
  const instance = await email.configure(config, pluginContext(different.context))
  return {
    server,
    instance,
    deliver: (differences, message) =>
      instance.deliver({ title: 'New lead', facts: [], ...message }, callOf(differences)),
    read: () => server.mails.map(({ raw }) => readMail(raw)),
    async [Symbol.asyncDispose]() {
      await instance.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

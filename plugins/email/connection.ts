import { createPrivateKey } from 'node:crypto'
import { FailureError } from 'flowgate/plugin'
import type { SMTPPoolOptions } from 'nodemailer/lib/smtp-pool'
import type { EmailConfig } from './config.ts'

/** nodemailer waits two minutes, half a minute and ten minutes of its own accord. */
const timeLimits = { dnsTimeout: 10_000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }

/**
 * How to connect, for nodemailer. Throws a FailureError where the settings contradict each other. `maxRequeues`: a
 * connection that the server had dropped while it was idle is replaced once, if nothing of the message was sent.
 */
export function connectionOptions(config: EmailConfig): SMTPPoolOptions & { readonly pool: true } {
  const port = config.port ?? 587
  const security = config.security ?? (port === 465 ? 'tls' : 'starttls')
  if (security === 'none' && config.username !== undefined) {
    throw unfit('A password would cross the network in the clear: use security starttls or tls, or no username.')
  }
  return {
    ...timeLimits,
    pool: true,
    maxConnections: 3,
    maxRequeues: 1,
    // Servers drop idle connections after some minutes; we are gone before.
    idleTimeout: 30_000,
    // A connection that is given up is gone at once, so that an abort leaves nothing behind.
    socketCloseTimeout: 0,
    host: config.host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2', ...(config.ca === undefined ? {} : { ca: pem(config.ca) }) },
    ...(config.username === undefined ? {} : { auth: { user: config.username, pass: config.password } }),
    ...(config.dkim_private_key === undefined ? {} : { dkim: dkim(config, config.dkim_private_key) }),
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** With a key it cannot use nodemailer sends without a signature and says nothing. */
function dkim({ dkim_domain: domainName = '', dkim_selector: keySelector = '' }: EmailConfig, key: string) {
  const privateKey = pem(key)
  let kind: string | undefined
  try {
    kind = createPrivateKey(privateKey).asymmetricKeyType
  } catch {
    kind = undefined
  }
  if (kind !== 'rsa')
    throw unfit('dkim_private_key is no RSA key in PEM form: paste the whole key, with its first and last line.')
  return { domainName, keySelector, privateKey }
}

/** PEM text with line breaks, also where an environment variable holds them as `\n`. */
function pem(text: string): string {
  return text.replaceAll('\\n', '\n')
}

function unfit(message: string): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'destination', code: 'FG_EMAIL_SETTINGS', message })
}

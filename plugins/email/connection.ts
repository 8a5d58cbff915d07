import { createPrivateKey } from 'node:crypto'
import { FailureError, type SettingFault } from 'flowgate/plugin'
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
  const [fault] = settingFaults(config)
  if (fault !== undefined) throw unfit(fault.message)
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

/** What can never work in settings that fit the schema. */
export function settingFaults({ security, username, dkim_private_key: key }: EmailConfig): readonly SettingFault[] {
  const clear = 'A password would cross the network in the clear: use security starttls or tls, or no username.'
  const noKey = 'dkim_private_key is no RSA key in PEM form: paste the whole key, with its first and last line.'
  return [
    ...(security === 'none' && username !== undefined ? [{ path: ['security'], message: clear }] : []),
    ...(key === undefined || isRsaKey(pem(key)) ? [] : [{ path: ['dkim_private_key'], message: noKey }]),
  ]
}

/** With a key it cannot use nodemailer sends without a signature and says nothing. */
function isRsaKey(key: string): boolean {
  try {
    return createPrivateKey(key).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}

function dkim({ dkim_domain: domainName = '', dkim_selector: keySelector = '' }: EmailConfig, key: string) {
  return { domainName, keySelector, privateKey: pem(key) }
}

/** PEM text with line breaks, also where an environment variable holds them as `\n`. */
function pem(text: string): string {
  return text.replaceAll('\\n', '\n')
}

function unfit(message: string): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'destination', code: 'FG_EMAIL_SETTINGS', message })
}

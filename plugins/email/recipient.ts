import { FailureError, type Recipient } from 'flowgate/plugin'
import { isAddress } from './address.ts'
import type { Addresses, EmailConfig } from './config.ts'

/** The addresses of a recipient, each a single one. Throws a FailureError that concerns the message where there are none. */
export function addressesOf(config: EmailConfig, recipient: Recipient | undefined): readonly string[] {
  switch (recipient?.kind) {
    case undefined:
      return listed(config.to)
    case 'named':
      return named(config, recipient.name)
    case 'owner': {
      const { email } = recipient.owner
      if (email !== undefined && isAddress(email)) return [email]
      return recipient.otherwise === undefined ? listed(config.to) : named(config, recipient.otherwise)
    }
    case 'person': {
      const { email } = recipient
      if (email !== undefined && isAddress(email)) return [email]
      const message =
        'No verified e-mail address of the person is known. Tell the person by WhatsApp, or name a recipient.'
      throw new FailureError({ kind: 'permanent', scope: 'record', code: 'FG_EMAIL_NO_ADDRESS', message })
    }
  }
}

function named({ recipients = {} }: EmailConfig, name: string): readonly string[] {
  const found = Object.hasOwn(recipients, name) ? recipients[name] : undefined
  if (found !== undefined) return listed(found)
  const known = Object.keys(recipients).join(', ') || 'none yet'
  throw new FailureError({
    kind: 'permanent',
    scope: 'record',
    code: 'FG_EMAIL_RECIPIENT_UNKNOWN',
    message: `The destination has no such recipient in recipients (there are: ${known}). Add it there, or correct the mapping.`,
  })
}

function listed(addresses: Addresses): readonly string[] {
  return typeof addresses === 'string' ? [addresses] : [...new Set(addresses)]
}

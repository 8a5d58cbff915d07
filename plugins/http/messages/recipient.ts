import type { Recipient } from 'flowgate/plugin'
import { refused } from '../calls/failure.ts'
import type { HttpMessageConfig } from './message-config.ts'

/** The addresses that an operator wrote down. */
export type Directory = Pick<HttpMessageConfig, 'to' | 'recipients' | 'owners'>

/** The address a message goes to; `undefined` where the request needs none. Never one that a form holds. */
export function addressOf(recipient: Recipient | undefined, directory: Directory): string | undefined {
  switch (recipient?.kind) {
    case undefined:
      return directory.to
    case 'named':
      return named(recipient.name, directory)
    case 'owner': {
      const address = ownerAddress(recipient.owner.email, directory)
      if (address !== undefined) return address
      return recipient.otherwise === undefined ? directory.to : named(recipient.otherwise, directory)
    }
    case 'person':
      throw refused(
        'FG_HTTP_MESSAGE_RECIPIENT_PERSON',
        'This destination reaches only recipients of its settings: name one, or send by e-mail or WhatsApp.',
      )
  }
}

function named(name: string, { recipients = {} }: Directory): string {
  const address = Object.hasOwn(recipients, name) ? recipients[name] : undefined
  if (address !== undefined) return address
  const known = Object.keys(recipients).join(', ') || 'none'
  throw refused(
    'FG_HTTP_MESSAGE_RECIPIENT_UNKNOWN',
    `The destination has no recipient of that name; it knows: ${known}. Add it to \`recipients\`, or correct the mapping.`,
  )
}

function ownerAddress(email: string | undefined, { owners = {} }: Directory): string | undefined {
  const wanted = email?.trim().toLowerCase()
  return Object.entries(owners).find(([address]) => address.trim().toLowerCase() === wanted)?.[1]
}

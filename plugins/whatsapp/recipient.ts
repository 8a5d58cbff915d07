import { FailureError, type Recipient } from 'flowgate/plugin'
import { type Addressee, addresseeOf } from './address.ts'
import type { WhatsappConfig } from './config.ts'

/** Who one alert is for, and which budget of one pair of numbers it counts against. */
export interface Target {
  readonly addressee: Addressee
  readonly pair: string | undefined
}

/** Every address of the settings, each once: its place says its budget, so that no number stands in a budget's name. */
export function knownAddresses({ to, recipients = {}, owners = {} }: WhatsappConfig): readonly string[] {
  return [...new Set([to, ...Object.values(recipients), ...Object.values(owners)])]
}

/** The budget of messages to one known address. */
export function pairClass(place: number): string {
  return `recipient ${place + 1}`
}

/** Whom a message goes to. Throws a FailureError that concerns the message where there is nobody. */
export function targetOf(config: WhatsappConfig, recipient: Recipient | undefined): Target {
  const address = addressOf(config, recipient)
  const addressee = addresseeOf(address)
  if (addressee === undefined) throw refused('FG_WHATSAPP_NO_NUMBER', noNumber)
  const place = knownAddresses(config).indexOf(address)
  return { addressee, pair: place < 0 ? undefined : pairClass(place) }
}

function addressOf(config: WhatsappConfig, recipient: Recipient | undefined): string {
  switch (recipient?.kind) {
    case undefined:
      return config.to
    case 'named':
      return named(config, recipient.name)
    case 'owner': {
      const email = recipient.owner.email?.toLowerCase()
      const [, found] = Object.entries(config.owners ?? {}).find(([owner]) => owner.toLowerCase() === email) ?? []
      if (found !== undefined) return found
      return recipient.otherwise === undefined ? config.to : named(config, recipient.otherwise)
    }
    case 'person':
      return recipient.phone ?? ''
  }
}

function named({ recipients = {} }: WhatsappConfig, name: string): string {
  const found = Object.hasOwn(recipients, name) ? recipients[name] : undefined
  if (found !== undefined) return found
  const known = Object.keys(recipients).join(', ') || 'none yet'
  const cure = 'Add it there, or correct the mapping.'
  const message = `The destination has no such recipient in recipients (there are: ${known}). ${cure}`
  throw refused('FG_WHATSAPP_RECIPIENT_UNKNOWN', message)
}

const noNumber = 'No WhatsApp number of the person is known. Tell the person by e-mail, or name a recipient.'

function refused(code: string, message: string): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'record', code, message })
}

import { FailureError, type Recipient } from 'flowgate/plugin'
import type { TeamsConfig } from './config.ts'

/** Where a message goes, and how operators know that place. */
export interface Channel {
  readonly url: string
  readonly whose: string
}

/** The channel of a recipient. Throws a FailureError that concerns the message where there is none. */
export function channelOf(config: TeamsConfig, recipient: Recipient | undefined): Channel {
  switch (recipient?.kind) {
    case undefined:
      return { url: config.url, whose: 'this destination' }
    case 'named':
      return named(config, recipient.name)
    case 'owner': {
      const email = recipient.owner.email?.toLowerCase()
      const [, url] = Object.entries(config.owners ?? {}).find(([address]) => address.toLowerCase() === email) ?? []
      if (url !== undefined) return { url, whose: 'an owner' }
      return recipient.otherwise === undefined ? channelOf(config, undefined) : named(config, recipient.otherwise)
    }
    case 'person': {
      const message = 'Teams cannot tell the person who filled the form: name a recipient of the destination instead.'
      throw new FailureError({ kind: 'permanent', scope: 'record', code: 'FG_TEAMS_PERSON', message })
    }
  }
}

function named({ recipients = {} }: TeamsConfig, name: string): Channel {
  const url = Object.hasOwn(recipients, name) ? recipients[name] : undefined
  if (url !== undefined) return { url, whose: `the recipient ${name}` }
  const known = Object.keys(recipients).join(', ') || 'none yet'
  throw new FailureError({
    kind: 'permanent',
    scope: 'record',
    code: 'FG_TEAMS_RECIPIENT_UNKNOWN',
    message: `The destination has no such recipient in recipients (there are: ${known}). Add it there, or correct the mapping.`,
  })
}

import { type Failure, FailureError, type Owner, type Recipient } from 'flowgate/plugin'
import type { Visit } from './workspace.ts'

/** Where a message goes. */
export interface Addressee {
  /** A channel's id, or its name where the operator configured that. */
  readonly channel: string
  /** What readers must know of the choice. */
  readonly note?: string
}

/**
 * Finds the channel of whom a message is for. Somebody whom nobody can reach is a failure of this message where the mapping
 * names them, and somebody else's message where the CRM does.
 */
export async function addresseeOf(visit: Visit, recipient: Recipient | undefined): Promise<Addressee> {
  switch (recipient?.kind) {
    case undefined:
      return { channel: await channelAt(visit, visit.config.channel) }
    case 'named':
      return { channel: await named(visit, recipient.name) }
    case 'owner':
      return await ownerOrOther(visit, recipient.owner, recipient.otherwise)
    case 'person':
      throw refused('FG_SLACK_RECIPIENT_PERSON', 'Slack reaches people of the workspace only, not who filled the form.')
  }
}

async function named(visit: Visit, name: string): Promise<string> {
  const { recipients = {} } = visit.config
  const address = Object.hasOwn(recipients, name) ? recipients[name] : undefined
  if (address !== undefined) return await channelAt(visit, address)
  const known = Object.keys(recipients)
  const there = known.length === 0 ? 'It names nobody yet.' : `There is ${known.join(', ')}.`
  // What the mapping worked out may be a person's answer, so it is not repeated.
  const message = `The mapping names a recipient that is not in \`recipients\` of this destination. ${there} Add it or correct the mapping, then replay.`
  throw refused('FG_SLACK_RECIPIENT_UNKNOWN', message)
}

/** The channel at an address of the directory: that of a person is opened first. */
async function channelAt(visit: Visit, address: string): Promise<string> {
  if (!/^[UW][A-Z0-9]{2,}$/.test(address)) return address
  const found = await visit.directChannels.ofUser(visit, address)
  if ('channel' in found) return found.channel
  const message = `The app cannot write to ${address} (${found.refused}). Check the person's id and the scope im:write, then replay.`
  throw refused('FG_SLACK_RECIPIENT_UNREACHABLE', message)
}

async function ownerOrOther(visit: Visit, owner: Owner, otherwise: string | undefined): Promise<Addressee> {
  const found = owner.email === undefined ? undefined : await visit.directChannels.ofEmail(visit, owner.email)
  if (found !== undefined && 'channel' in found) return found
  const channel = otherwise === undefined ? await channelAt(visit, visit.config.channel) : await named(visit, otherwise)
  return { channel, note: `For ${owner.name ?? owner.email ?? `owner ${owner.id}`}, who cannot be reached in Slack` }
}

function refused(code: string, message: string): FailureError {
  const failure: Failure = { kind: 'permanent', scope: 'record', code, message, fields: ['recipient'] }
  return new FailureError(failure)
}

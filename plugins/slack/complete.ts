import type { Message } from 'flowgate/plugin'
import { layOut } from './blocks.ts'
import { refusal } from './failure.ts'
import { eventType, type Posted } from './look-up.ts'
import type { Visit } from './workspace.ts'

/**
 * What became of the message that was to be completed. `fixed`: it is there and cannot be changed any more. `gone`: it, or
 * its channel, is out of reach.
 */
export type Completion = 'completed' | 'fixed' | 'gone'

const fixed: ReadonlySet<string> = new Set(['cant_update_message', 'edit_window_closed'])
const gone: ReadonlySet<string> = new Set([
  'channel_not_found',
  'is_archived',
  'is_inactive',
  'message_not_found',
  'not_in_channel',
])

/** The message that a receipt of this plugin names. */
export function postedAs(receiptId: string): Posted | undefined {
  const [, channel, ts] = /^([A-Z0-9]+)\/(\d+\.\d+)$/.exec(receiptId) ?? []
  return channel === undefined || ts === undefined ? undefined : { channel, ts }
}

/**
 * Puts the whole message in the place of the one that was posted late. The same update again changes nothing, so a lost
 * answer is asked for once more. Throws what the SDK throws where Slack cannot do it now.
 */
export async function complete(visit: Visit, { channel, ts }: Posted, message: Message): Promise<Completion> {
  const { blocks, text } = layOut(message)
  const metadata = { event_type: eventType, event_payload: { id: visit.call.idempotencyKey } }
  try {
    await visit.request('update', (client) => client.chat.update({ channel, ts, text, blocks, metadata }))
    return 'completed'
  } catch (error) {
    const refused = refusal(error)
    if (refused !== undefined && fixed.has(refused)) return 'fixed'
    if (refused !== undefined && gone.has(refused)) return 'gone'
    throw error
  }
}

import type { Message } from 'flowgate/plugin'
import { conformance, httpTrouble, type Stage } from 'flowgate/plugin/testing'
import type { SlackConfig } from '../../plugins/slack/config.ts'
import slack from '../../plugins/slack/index.ts'
import { startSlack } from '../stand-ins/slack.ts'

const token = 'xoxb-right-4711'
const revoked = 'xoxb-wrong-0815'
const channel = 'C0SALES'

async function slackStage(): Promise<Stage<Message, SlackConfig>> {
  const vendor = await startSlack({ token, channels: [channel] })
  // The plugin fits everything into Slack's limits, so the refusal is Slack's recorded answer to blocks it rejects.
  const refusal = {
    ok: false,
    error: 'invalid_blocks',
    response_metadata: { messages: ['[ERROR] refuse Ana Souza Lima [json-pointer:/blocks/0/text]'] },
  }
  vendor.standIn.misbehave({
    route: 'POST /api/chat.postMessage',
    when: (request) => request.bytes.toString().includes('refuse'),
    fault: { kind: 'status', status: 200, body: refusal },
  })
  return {
    ...httpTrouble(vendor.standIn, { writes: ['POST /api/chat.postMessage', 'POST /api/chat.update'] }),
    config: { bot_token: token, channel, api_url: vendor.apiUrl },
    refusedConfig: { bot_token: revoked, channel, api_url: vendor.apiUrl },
    secrets: [token, revoked, 'Ana Souza Lima', 'ana@acme.example'],
    canTell: true,
    sample: (index) => ({
      title: `New lead ${index}: Ana Souza Lima`,
      facts: [{ label: 'E-mail', value: `ana@acme.example ${index}` }],
      link: { label: 'Open in HubSpot', url: `https://app.hubspot.com/contacts/1/record/0-1/${index}` },
      record: 'new',
    }),
    unacceptable: { title: 'refuse Ana Souza Lima', facts: [] },
    effects(key, input) {
      const messages = vendor.workspace.messages(channel)
      return messages.filter((message) => message.metadata?.event_payload['id'] === key && message.text === input.title)
        .length
    },
    shown: () => vendor.workspace.messages(channel).map(({ text, blocks }) => JSON.stringify([text, blocks])),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

conformance({ name: 'slack', plugin: slack, stage: slackStage })

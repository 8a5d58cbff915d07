import type { Message } from 'flowgate/plugin'
import { conformance, httpTrouble, type Stage } from 'flowgate/plugin/testing'
import type { WhatsappConfig } from '../../plugins/whatsapp/config.ts'
import whatsapp from '../../plugins/whatsapp/index.ts'
import { messagesRoute, startGraph } from '../stand-ins/whatsapp-graph.ts'

const token = 'EAAG-right-4711'
const revoked = 'EAAG-wrong-0815'
const stopped = '+34600000666'

async function whatsappStage(): Promise<Stage<Message, WhatsappConfig>> {
  const graph = await startGraph(token)
  graph.refused.set(stopped, 131050)
  const config: WhatsappConfig = {
    access_token: token,
    phone_number_id: graph.phoneNumberId,
    template: { name: 'new_lead', language: 'en_US', parameters: ['title', 'facts', 'link', 'status'] },
    to: '+34600000001',
    api_url: graph.standIn.url,
  }
  const limited = { error: { message: '(#130429) Rate limit hit', type: 'OAuthException', code: 130429 } }
  const down = { error: { message: 'Ana Souza Lima', type: 'OAuthException', code: 131016 } }
  return {
    ...httpTrouble(graph.standIn, { writes: [messagesRoute], limitedBody: limited, unavailableBody: down }),
    config,
    refusedConfig: { ...config, access_token: revoked },
    secrets: [token, revoked, stopped, 'Ana Souza Lima', 'ana@acme.example'],
    canTell: false,
    sample: (index) => ({
      title: `${index}: Ana Souza Lima`,
      facts: [{ label: 'E-mail', value: `ana@acme.example ${index}` }],
      link: { label: 'Open in HubSpot', url: `https://app.hubspot.com/contacts/1/record/0-1/${index}` },
      record: 'new',
    }),
    unacceptable: { title: 'Ana Souza Lima', facts: [], recipient: { kind: 'person', phone: stopped } },
    effects(key, input) {
      const ours = graph.messages.filter(({ callbackData }) => callbackData === key)
      return ours.filter(({ text }) => text.startsWith(`New lead: ${input.title}\n`)).length
    },
    shown: () => graph.messages.map(({ text }) => text),
    [Symbol.asyncDispose]: () => graph[Symbol.asyncDispose](),
  }
}

conformance({ name: 'whatsapp', plugin: whatsapp, stage: whatsappStage })

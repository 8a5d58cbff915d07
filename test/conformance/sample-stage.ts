import type { Message } from 'flowgate/plugin'
import { httpTrouble, type Stage, type StandInHandler, startStandIn } from 'flowgate/plugin/testing'
import type { SampleConfig } from './sample-plugin.ts'

const token = 'sample-right-4711'
const refused = 'sample-wrong-0815'

/** A fresh sample vendor: keeps messages with their key, and refuses other tokens and empty texts. */
export async function sampleStage(canTell: boolean): Promise<Stage<Message, SampleConfig>> {
  const messages: { id: string; key: string; text: string; note?: string; link?: string }[] = []
  const allowed =
    (handler: StandInHandler): StandInHandler =>
    (request) =>
      request.headers.authorization === `Bearer ${token}` ? handler(request) : { status: 401 }
  const standIn = await startStandIn({
    routes: {
      'GET /me': allowed(() => ({ status: 200, body: {} })),
      'GET /messages/:key': allowed(({ parameters }) => ({
        status: 200,
        body: { id: messages.find(({ key }) => key === parameters['key'])?.id },
      })),
      'POST /messages': allowed(({ body }) => {
        const { key, text, note, link } = body as (typeof messages)[number]
        if (!text) return { status: 422 }
        const id = String(messages.length + 1)
        messages.push({ id, key, text, ...(note ? { note } : {}), ...(link ? { link } : {}) })
        return { status: 201, body: { id } }
      }),
    },
  })
  return {
    ...httpTrouble(standIn, { writes: ['POST /messages'] }),
    config: { url: standIn.url, token },
    refusedConfig: { url: standIn.url, token: refused },
    secrets: [token, refused],
    canTell,
    sample: (index) => ({ title: `message ${index}`, facts: [] }),
    unacceptable: { title: '', facts: [] },
    effects: (key, input) => messages.filter((message) => message.key === key && message.text === input.title).length,
    shown: () => messages.map(({ text, note = '', link = '' }) => [text, note, link].join('\n')),
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}

import type { Message } from 'flowgate/plugin'
import { conformance, httpTrouble, type Stage } from 'flowgate/plugin/testing'
import httpMessage from '../../plugins/http/message.ts'
import type { HttpMessageConfig } from '../../plugins/http/messages/message-config.ts'
import { apiKey, startListApi } from '../stand-ins/list-api.ts'
import { sessionKey, startWasender } from '../stand-ins/wasender.ts'

const wrongKey = 'message-key-wrong'
const secrets = [apiKey, sessionKey, wrongKey, 'Ana Souza Lima', 'ana@acme.example']

const parts = {
  sample: (index: number): Message => ({
    title: `New lead ${index}`,
    facts: [{ label: 'Name', value: `Ana Souza Lima (ana@acme.example) ${index}` }],
    link: { label: 'Open', url: `https://crm.example/contacts/${index}` },
    record: 'new',
  }),
  unacceptable: { title: 'refuse Ana Souza Lima', facts: [] },
}

const body = { text: '{message.body}', ref: '{key}' }

conformance({
  name: 'http-message with a key header',
  plugin: httpMessage,
  stage: () => listStage(true, { request: { path: '/messages', body: { text: '{message.body}' }, id: 'data.id' } }),
})

conformance({
  name: 'http-message that looks for its key',
  plugin: httpMessage,
  stage: () =>
    listStage(false, {
      request: { path: '/messages', body, id: 'data.id' },
      find: { path: '/messages', query: { ref: '{key}' }, items: 'data' },
    }),
})

conformance({ name: 'http-message without a key', plugin: httpMessage, stage: wasenderStage })

async function listStage(
  keys: boolean,
  requests: Pick<HttpMessageConfig, 'request' | 'find'>,
): Promise<Stage<Message, HttpMessageConfig>> {
  const api = await startListApi({ keys })
  const config = (bearer: string): HttpMessageConfig => ({
    base_url: api.url,
    auth: { bearer },
    health: '/me',
    ...(keys ? { idempotency_header: 'Idempotency-Key' } : {}),
    ...requests,
  })
  return {
    ...parts,
    ...httpTrouble(api.standIn, { writes: ['POST /v1/*'] }),
    config: config(apiKey),
    refusedConfig: config(wrongKey),
    secrets,
    canTell: true,
    effects: (key, { title }) =>
      api.messages.filter(
        ({ fields, ...sent }) => (sent.key ?? fields['ref']) === key && String(fields['text']).startsWith(`${title}\n`),
      ).length,
    shown: () => api.messages.map(({ fields }) => String(fields['text'])),
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  }
}

async function wasenderStage(): Promise<Stage<Message, HttpMessageConfig>> {
  const vendor = await startWasender()
  const config = (bearer: string): HttpMessageConfig => ({
    base_url: `${vendor.standIn.url}/api`,
    auth: { bearer },
    request: {
      path: '/send-message',
      body: { to: '{recipient}', text: '{message.body}' },
      success_if: { path: 'success', is: true },
      id: 'data.msgId',
    },
    to: '+5511999990000',
  })
  return {
    ...parts,
    ...httpTrouble(vendor.standIn, { writes: ['POST /api/*'] }),
    config: config(sessionKey),
    refusedConfig: config(wrongKey),
    secrets,
    canTell: false,
    effects: (_key, { title }) => vendor.messages.filter(({ text }) => text.startsWith(`${title}\n`)).length,
    shown: () => vendor.messages.map(({ text }) => text),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DestinationSettings } from '../../src/config/configuration.ts'
import { apiKey, startListApi } from '../stand-ins/list-api.ts'
import { startSlack } from '../stand-ins/slack.ts'
import { startSmtp } from '../stand-ins/smtp.ts'
import { startTeams, teamsRoute } from '../stand-ins/teams.ts'
import { messagesRoute, startGraph } from '../stand-ins/whatsapp-graph.ts'
import { deliveryStage } from './delivery-stage.ts'

const lost = { kind: 'lose-after' } as const

/** A channel that takes every message and loses every answer, and what its readers have of them. */
interface Losing extends AsyncDisposable {
  readonly settings: Pick<DestinationSettings, 'plugin' | 'config'>
  taken(): readonly string[]
}

async function teams(): Promise<Losing> {
  const vendor = await startTeams()
  const workflow = vendor.workflow()
  vendor.standIn.misbehave({ route: teamsRoute, fault: lost })
  return {
    settings: { plugin: 'teams', config: { url: workflow.url } },
    taken: () => workflow.posted.map(({ card }) => JSON.stringify(card)),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

async function whatsapp(): Promise<Losing> {
  const vendor = await startGraph()
  vendor.standIn.misbehave({ route: messagesRoute, fault: lost })
  const config = {
    access_token: vendor.token,
    phone_number_id: vendor.phoneNumberId,
    template: { name: 'new_lead', language: 'en_US', parameters: ['title', 'facts', 'link', 'status'] },
    to: '+34600000001',
    api_url: vendor.standIn.url,
  }
  return {
    settings: { plugin: 'whatsapp', config },
    taken: () => vendor.messages.map(({ text }) => text),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

async function email(): Promise<Losing> {
  const vendor = await startSmtp()
  vendor.misbehave('data', 'lose')
  const config = {
    host: '127.0.0.1',
    port: vendor.port,
    security: 'none',
    from: 'a@flowgate.example',
    to: 'b@acme.example',
  }
  return {
    settings: { plugin: 'email', config },
    taken: () => vendor.mails.map(({ raw }) => raw),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

/** Without the scope to look for what has landed. */
async function slack(): Promise<Losing> {
  const vendor = await startSlack({ channels: ['C0SALES'] })
  vendor.workspace.scopes.delete('channels:history')
  vendor.standIn.misbehave({ route: 'POST /api/chat.postMessage', fault: lost })
  const config = { bot_token: vendor.workspace.token, channel: 'C0SALES', api_url: vendor.apiUrl }
  return {
    settings: { plugin: 'slack', config },
    taken: () => vendor.workspace.messages('C0SALES').map(({ text }) => text),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

async function httpMessage(): Promise<Losing> {
  const vendor = await startListApi({ keys: false })
  vendor.standIn.misbehave({ route: 'POST /v1/messages', fault: lost })
  const request = { path: '/messages', body: { text: '{message.body}' } }
  return {
    settings: { plugin: 'http-message', config: { base_url: vendor.url, auth: { bearer: apiKey }, request } },
    taken: () => vendor.messages.map(({ fields }) => JSON.stringify(fields)),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

for (const [name, start] of Object.entries({ teams, whatsapp, email, slack, 'http-message': httpMessage })) {
  test(`where ${name} loses every answer, a message is sent again once, marked, and then waits for a person`, async () => {
    await using channel = await start()
    await using stage = await deliveryStage({ destinations: { chat: channel.settings } })
    const ids = await stage.submit()
    await stage.attempt(ids['contact'])
    for (let attempts = 0; attempts < 12; attempts += 1) {
      if ((await stage.delivery(ids['tell'])).state !== 'pending') break
      await stage.attemptWhenDue(ids['tell'])
    }
    const { state } = await stage.delivery(ids['tell'])
    const marked = channel.taken().map((text) => /possibly sent twice/i.test(text))
    assert.deepEqual([state, marked], ['unknown', [false, true]])
  })
}

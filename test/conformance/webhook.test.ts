import type { CrmRecord, Message } from 'flowgate/plugin'
import { conformance, httpTrouble, type Stage } from 'flowgate/plugin/testing'
import type { WebhookConfig } from '../../plugins/webhook/config.ts'
import webhook from '../../plugins/webhook/index.ts'
import webhookMessage from '../../plugins/webhook/message.ts'
import { secretOf, startReceiver, type TakenEvent } from '../stand-ins/webhook-receiver.ts'

const right = secretOf(1)
const wrong = secretOf(2)

const record = (name: string): CrmRecord => ({
  id: 'lead',
  object: 'lead.created',
  operation: 'create',
  fields: { name },
  links: [],
})

const message = (title: string): Message => ({ title, facts: [{ label: 'Mail', value: 'ana@acme.example' }] })

conformance({
  name: 'webhook',
  plugin: webhook,
  without: ['look-up', 'updates', 'twins'],
  stage: () => receiverStage(record, ({ body }, { fields }) => JSON.stringify(body['data']) === JSON.stringify(fields)),
})

conformance({
  name: 'webhook-message',
  plugin: webhookMessage,
  stage: () => receiverStage(message, ({ body }, { title }) => JSON.stringify(body).includes(`"title":"${title}"`)),
})

async function receiverStage<Input>(
  input: (words: string) => Input,
  isOf: (event: TakenEvent, input: Input) => boolean,
): Promise<Stage<Input, WebhookConfig>> {
  const receiver = await startReceiver(right)
  const config = (secret: string): WebhookConfig => ({ url: `${receiver.url}?t=url-token-77`, secrets: [secret] })
  return {
    ...httpTrouble(receiver.standIn, { writes: ['POST /hooks/*'] }),
    config: config(right),
    refusedConfig: config(wrong),
    secrets: [right, wrong, 'url-token-77', 'Ana Souza Lima', 'ana@acme.example'],
    canTell: true,
    sample: (index) => input(`Ana Souza Lima ${index}`),
    unacceptable: input('refuse Ana Souza Lima'),
    effects: (key, sent) => receiver.events.filter((event) => event.id === `msg_${key}` && isOf(event, sent)).length,
    shown: () => receiver.events.map(({ body }) => JSON.stringify(body['data'])),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  }
}

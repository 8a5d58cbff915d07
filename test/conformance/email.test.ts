import type { Message } from 'flowgate/plugin'
import { conformance, type Stage } from 'flowgate/plugin/testing'
import type { EmailConfig } from '../../plugins/email/config.ts'
import email from '../../plugins/email/index.ts'
import { selfSigned } from '../registry/self-signed.ts'
import { readMail } from '../stand-ins/mail-read.ts'
import { startSmtp, untilSmtp } from '../stand-ins/smtp.ts'

const right = 'right-4711'
const wrong = 'wrong-0815'
const tls = selfSigned('localhost')

async function emailStage(): Promise<Stage<Message, EmailConfig>> {
  const server = await startSmtp({ tls, users: { leads: right } })
  const reply = '554 5.7.1 refused: Ana Souza Lima <ana@acme.example>'
  server.misbehave('data', { reply, when: (raw) => raw.includes('refuse') })
  const config: EmailConfig = {
    host: 'localhost',
    port: server.port,
    ca: tls.cert,
    username: 'leads',
    password: right,
    from: 'leads@flowgate.example',
    to: 'sales@acme.example',
  }
  return {
    writes: () => server.envelopes(),
    unavailable: () => server.misbehave('mail', { reply: '451 4.3.0 not now, Ana Souza Lima' }),
    limited: (seconds) => server.misbehave('mail', { reply: `450 4.7.1 try again in ${seconds} seconds` }),
    loseReply: () => server.misbehave('data', 'lose', 1),
    hang: () => server.misbehave('data', 'hang'),
    aborted: () => server.left(),
    until: untilSmtp,
    config,
    refusedConfig: { ...config, password: wrong },
    secrets: [right, wrong, 'Ana Souza Lima', 'ana@acme.example'],
    canTell: false,
    sample: (index) => ({
      title: `New lead ${index}: Ana Souza Lima`,
      facts: [{ label: 'E-mail', value: `ana@acme.example ${index}` }],
      link: { label: 'Open in HubSpot', url: `https://app.hubspot.com/contacts/1/record/0-1/${index}` },
      record: 'new',
    }),
    unacceptable: { title: 'refuse Ana Souza Lima', facts: [] },
    effects(key, input) {
      const headers = server.mails.map(({ raw }) => readMail(raw).headers)
      return headers.filter(
        (each) => each['message-id'] === `<${key}@flowgate.example>` && each['subject'] === input.title,
      ).length
    },
    shown: () => server.mails.map(({ raw }) => readMail(raw).text),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

conformance({ name: 'email', plugin: email, stage: emailStage })

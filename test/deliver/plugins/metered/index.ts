import { definePlugin, FailureError, type Receipt } from 'flowgate/plugin'

interface Config {
  readonly url: string
  readonly account?: string
  readonly requests: number
  readonly perSeconds: number
}

const unavailable = { kind: 'retryable', code: 'METERED', message: 'The vendor is out of order.' } as const
const limited = { kind: 'rate-limited', code: 'METERED_429', message: 'Too much.' } as const

/** A CRM whose account may be asked so often in so many seconds. It is told when a request was sent, by the machine's clock. */
export default definePlugin<'crm', Config>({
  apiVersion: 1,
  kind: 'crm',
  name: 'metered',
  title: 'Metered test CRM',
  configSchema: { type: 'object' },
  configure: ({ url }, context) => ({
    async deliver(_, { idempotencyKey, signal }): Promise<Receipt> {
      await context.spend('all', signal)
      const headers = { 'sent-at': String(process.hrtime.bigint()) }
      const written = await context.fetch(`${url}${idempotencyKey}`, { method: 'POST', signal, headers })
      const retryAfterSeconds = Number(written.headers.get('retry-after'))
      if (!written.ok) throw new FailureError(written.status === 429 ? { ...limited, retryAfterSeconds } : unavailable)
      return { outcome: 'created', id: idempotencyKey }
    },
    health: async () => ({ ok: true, account: 'metered' }),
    close: async () => {},
  }),
  budgets: ({ url, account = url, requests, perSeconds }) => ({
    account,
    limits: { all: { requests, perSeconds } },
  }),
  classify: () => unavailable,
})

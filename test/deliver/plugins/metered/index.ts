import { definePlugin, FailureError, type Receipt } from 'flowgate/plugin'

interface Config {
  readonly url: string
  readonly account?: string
  readonly perSecond: number
}

const unavailable = { kind: 'retryable', code: 'METERED', message: 'The vendor is out of order.' } as const
const limited = { kind: 'rate-limited', code: 'METERED_429', message: 'Too much.', retryAfterSeconds: 1 } as const

/** A CRM whose account may be asked so often in a second. */
export default definePlugin<'crm', Config>({
  apiVersion: 1,
  kind: 'crm',
  name: 'metered',
  title: 'Metered test CRM',
  configSchema: { type: 'object' },
  configure: ({ url }, context) => ({
    async deliver(_, { idempotencyKey, signal }): Promise<Receipt> {
      await context.spend('all', signal)
      const written = await context.fetch(`${url}${idempotencyKey}`, { method: 'POST', signal })
      if (!written.ok) throw new FailureError(written.status === 429 ? limited : unavailable)
      return { outcome: 'created', id: idempotencyKey }
    },
    health: async () => ({ ok: true, account: 'metered' }),
    close: async () => {},
  }),
  budgets: ({ url, account = url, perSecond }) => ({
    account,
    limits: { all: { requests: perSecond, perSeconds: 1 } },
  }),
  classify: () => unavailable,
})

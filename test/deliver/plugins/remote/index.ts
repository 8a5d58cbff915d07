import { definePlugin, FailureError, type Receipt } from 'flowgate/plugin'

interface Config {
  readonly url: string
}

const unavailable = { kind: 'retryable', code: 'REMOTE', message: 'The vendor is out of order.' } as const

/** A CRM over HTTP that makes a record of every write: only looking first keeps it from making two. */
export default definePlugin<'crm', Config>({
  apiVersion: 1,
  kind: 'crm',
  name: 'remote',
  title: 'Remote test CRM',
  configSchema: { type: 'object', properties: { url: { type: 'string' } } },
  configure: ({ url }) => ({
    async deliver(record, { idempotencyKey, attempt, uncertain, signal }): Promise<Receipt> {
      const address = new URL(`records/${idempotencyKey}`, url)
      if (uncertain) {
        const found = await fetch(address, { signal })
        if (found.ok) return { outcome: 'unchanged', id: await found.text() }
      }
      const body = JSON.stringify({ attempt, object: record.object })
      const written = await fetch(address, { method: 'POST', body, signal })
      if (!written.ok) throw new FailureError(unavailable)
      return { outcome: 'created', id: await written.text() }
    },
    health: async () => ({ ok: true, account: 'remote' }),
    close: async () => {},
  }),
  classify: () => unavailable,
})

import assert from 'node:assert/strict'
import {
  type Call,
  type CrmRecord,
  type Failure,
  FailureError,
  type PluginContext,
  type Receipt,
} from 'flowgate/plugin'
import type { WebhookConfig } from '../../../plugins/webhook/config.ts'
import webhook from '../../../plugins/webhook/index.ts'
import { type Receiver, secretOf, startReceiver } from '../../stand-ins/webhook-receiver.ts'
import { pluginContext } from '../../support/plugin-context.ts'

/** The secret that the receiver knows. */
export const secret = secretOf(1)

/** A webhook and its receiver. */
export interface WebhookStage extends AsyncDisposable {
  readonly receiver: Receiver
  deliver(record?: Partial<CrmRecord>, call?: Partial<Call>, config?: Partial<WebhookConfig>): Promise<Receipt>
}

/** A first call with a key as the gateway makes it, with what a test wants different. */
export function callOf(differences: Partial<Call> = {}): Call {
  const signal = AbortSignal.timeout(20_000)
  return { signal, idempotencyKey: 'sub_1.lead', attempt: 1, uncertain: false, resend: false, ...differences }
}

/** An event of Ana's. */
const lead: CrmRecord = {
  id: 'lead',
  object: 'lead.created',
  operation: 'create',
  fields: { name: 'Ana' },
  links: [],
}

/** Starts a receiver, and delivers to it with what a test wants different. */
export async function webhookStage(context: Partial<PluginContext> = {}): Promise<WebhookStage> {
  const receiver = await startReceiver(secret, context.now)
  return {
    receiver,
    async deliver(record = {}, call = {}, config = {}) {
      const instance = await webhook.configure(
        { url: receiver.url, secrets: [secret], ...config },
        pluginContext(context),
      )
      return instance.deliver({ ...lead, ...record }, callOf(call))
    },
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  }
}

/** The failure that a delivery ends in. */
export async function failureOf(delivering: Promise<unknown>): Promise<Failure> {
  const error: unknown = await delivering.then(
    () => assert.fail('it was delivered'),
    (thrown) => thrown,
  )
  assert.ok(error instanceof FailureError, String(error))
  return error.failure
}

/** A failure as one line: kind, what it concerns or how long, code. */
export function inWords(failure: Failure): string {
  if (failure.kind === 'permanent') {
    return `${failure.kind} ${failure.scope} ${failure.code}${failure.byHand ? ' by hand' : ''}`
  }
  return `${failure.kind}${failure.kind === 'rate-limited' ? ` ${failure.retryAfterSeconds}` : ''} ${failure.code}`
}

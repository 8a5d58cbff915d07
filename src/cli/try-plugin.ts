import { randomUUID } from 'node:crypto'
import { type Asking, ask, askHealth } from '../deliver/ask.ts'
import { receiptOf } from '../deliver/verdict.ts'
import type { Call, Receipt } from '../plugin/index.ts'
import type { RunningDestination } from '../registry/registry.ts'
import { agree } from './agree.ts'
import { atVendors, requireDestination } from './at-vendors.ts'
import { type ConfigOption, configurationWithSecrets } from './configuration.ts'
import { CommandError, type Outcome } from './outcome.ts'
import type { Terminal } from './terminal.ts'
import { messageFrom, recordFrom } from './try-input.ts'

export interface TryOptions extends ConfigOption {
  /** A file that holds the record or message. */
  readonly input?: string
  /** A name of the destination's recipients. */
  readonly recipient?: string
  readonly yes?: boolean
  readonly json?: boolean
}

/**
 * Asks a configured destination for its health, then, after asking or with `--yes`, delivers one record or message to the real
 * account, and delivers it once more as after a lost reply, to see that it stays one. Not ok where the health is bad or
 * the second delivery came to another record.
 */
export async function tryPlugin(name: string, options: TryOptions, terminal: Terminal): Promise<Outcome> {
  const configuration = await configurationWithSecrets(options, terminal.env)
  requireDestination(name, configuration)
  return await atVendors(configuration, options, terminal.env, async (asking) => {
    const health = await askHealth(asking, name)
    if (!health.ok) {
      const { code, message } = health.failure
      return { ok: false, text: `${name}: ${code}: ${message}`, json: { ok: false, error: { code, message } } }
    }
    const destination = await asking.registry.destination(name)
    const deliver = delivery(destination, options)
    const about = [`${name} works, as ${health.account}. This writes to that account for real.`]
    if (!(await agree(about, 'Deliver it now?', options, terminal))) {
      const text = `${about[0]} Nothing was sent. Run again with --yes to deliver.`
      return { ok: true, text, json: { ok: true, account: health.account, delivered: false } }
    }
    return outcomeOf(name, health.account, await twice(asking, destination, deliver))
  })
}

type Deliver = (call: Call) => Promise<unknown>

function delivery(destination: RunningDestination, { input, recipient }: TryOptions): Deliver {
  if (destination.kind === 'crm') {
    const record = recordFrom(input)
    return (call) => destination.instance.deliver(record, call)
  }
  const message = messageFrom(input, recipient)
  return (call) => destination.instance.deliver(message, call)
}

interface Tried {
  readonly first: Receipt
  /** `undefined`: the vendor has no key and no look-up, so a second one would be a second message. */
  readonly second: Receipt | undefined
}

async function twice(asking: Asking, destination: RunningDestination, deliver: Deliver): Promise<Tried> {
  const key = `try.${randomUUID()}`
  const once = async (difference: Partial<Call>) => {
    const question = (call: Call) => deliver({ ...call, idempotencyKey: key, ...difference })
    const answered = await ask(asking, destination, new AbortController().signal, question)
    const receipt = receiptOf(answered)
    if (receipt === undefined) throw new CommandError('FG_CLI_RECEIPT', 'The plugin answered no receipt.')
    return receipt
  }
  const first = await once({})
  try {
    return { first, second: await once({ attempt: 2, uncertain: true }) }
  } catch (error) {
    // That nothing can tell is what the contract asks it to say then.
    if (isUnknown(error)) return { first, second: undefined }
    throw error
  }
}

function isUnknown(error: unknown): boolean {
  return (error as { failure?: { kind?: unknown } }).failure?.kind === 'unknown'
}

function outcomeOf(name: string, account: string, { first, second }: Tried): Outcome {
  const ok = second === undefined || second.id === first.id
  const repeat =
    second === undefined
      ? 'It has no key for messages: one whose reply is lost stays unknown until somebody looks (on_unknown).'
      : ok
        ? 'Delivered again as after a lost reply: it stayed one.'
        : `Delivered again as after a lost reply: that made ${second.id} besides ${first.id}. The plugin does not find what landed.`
  const text = [
    `${name} (${account}): ${first.outcome} ${first.id}`,
    ...(first.url === undefined ? [] : [first.url]),
    repeat,
  ]
  return {
    ok,
    text: text.join('\n'),
    json: { ok, account, delivered: true, receipt: { ...first }, stayed_one: second === undefined ? null : ok },
  }
}

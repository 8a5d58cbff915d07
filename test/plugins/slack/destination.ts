import type { Call, Deliverer, Message, PluginContext, Receipt } from 'flowgate/plugin'
import type { SlackConfig } from '../../../plugins/slack/config.ts'
import slack from '../../../plugins/slack/index.ts'
import { type SlackStandIn, startSlack } from '../../stand-ins/slack.ts'
import { pluginContext } from '../../support/plugin-context.ts'

/** The channel of `slackDestination`. */
export const channel = 'C0SALES'

/** A Slack destination on a stand-in of its own. */
export interface SlackDestination extends AsyncDisposable {
  readonly vendor: SlackStandIn
  readonly instance: Deliverer<Message>
  /** Delivers a small message with this call. */
  readonly deliver: Deliver
  /** Delivers to the same workspace with other settings. */
  instanceOf(config: Partial<SlackConfig>): Promise<Deliver>
}

type Deliver = (differences: Partial<Call>, message?: Partial<Message>) => Promise<Receipt>

/** A first call with key `delivery-1`, with what a test wants different. */
export function callOf(differences: Partial<Call>): Call {
  const signal = AbortSignal.timeout(120_000)
  return { signal, idempotencyKey: 'delivery-1', attempt: 1, uncertain: false, resend: false, ...differences }
}

/** Starts a stand-in with one channel and configures the plugin for it. */
export async function slackDestination(
  config: Partial<SlackConfig> = {},
  now: () => Date = () => new Date(),
  spend: PluginContext['spend'] = async () => {},
): Promise<SlackDestination> {
  const vendor = await startSlack({ channels: [channel] })
  const configure = (own: Partial<SlackConfig>) => {
    const settings = { bot_token: vendor.workspace.token, channel, api_url: vendor.apiUrl, ...own }
    return slack.configure(settings, pluginContext({ destination: 'slack-sales', now, spend }))
  }
  const by =
    (instance: Deliverer<Message>): Deliver =>
    (differences, message) =>
      instance.deliver({ title: 'New lead', facts: [], ...message }, callOf(differences))
  const instance = await configure(config)
  return {
    vendor,
    instance,
    deliver: by(instance),
    instanceOf: async (own) => by(await configure(own)),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

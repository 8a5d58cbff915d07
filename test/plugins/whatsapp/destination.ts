import type { Call, Message, Notifier, PluginContext, Receipt } from 'flowgate/plugin'
import type { WhatsappConfig } from '../../../plugins/whatsapp/config.ts'
import whatsapp from '../../../plugins/whatsapp/index.ts'
import { type GraphStandIn, startGraph } from '../../stand-ins/whatsapp-graph.ts'
import { pluginContext } from '../../support/plugin-context.ts'

/** A WhatsApp destination on a stand-in of its own. */
export interface WhatsappDestination extends AsyncDisposable {
  readonly graph: GraphStandIn
  readonly instance: Notifier
  /** Delivers a small message with this call. */
  deliver(differences: Partial<Call>, message?: Partial<Message>): Promise<Receipt>
}

/** A first call with key `delivery-1`, with what a test wants different. */
export function callOf(differences: Partial<Call>): Call {
  const signal = AbortSignal.timeout(120_000)
  return { signal, idempotencyKey: 'delivery-1', attempt: 1, uncertain: false, resend: false, ...differences }
}

/** Settings that work with a stand-in. */
export function settingsFor(graph: GraphStandIn): WhatsappConfig {
  return {
    access_token: graph.token,
    phone_number_id: graph.phoneNumberId,
    template: { name: 'new_lead', language: 'en_US', parameters: ['title', 'facts', 'link', 'status'] },
    to: '+34600000001',
    recipients: { vip: '+34600000002', night: 'ES.1A2B3C' },
    owners: { 'Ana@acme.example': '+34600000003' },
    api_url: graph.standIn.url,
  }
}

/** Starts a stand-in and configures the plugin for it. */
export async function whatsappDestination(
  config: Partial<WhatsappConfig> = {},
  context: Partial<PluginContext> = {},
): Promise<WhatsappDestination> {
  const graph = await startGraph()
  const instance = await whatsapp.configure({ ...settingsFor(graph), ...config }, pluginContext(context))
  return {
    graph,
    instance,
    deliver: (differences, message) =>
      instance.deliver({ title: 'New lead', facts: [], ...message }, callOf(differences)),
    [Symbol.asyncDispose]: () => graph[Symbol.asyncDispose](),
  }
}

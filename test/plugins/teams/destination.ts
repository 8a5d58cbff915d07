import type { Call, Message, Notifier, PluginContext, Receipt } from 'flowgate/plugin'
import type { TeamsConfig } from '../../../plugins/teams/config.ts'
import teams from '../../../plugins/teams/index.ts'
import { startTeams, type TeamsStandIn, type Workflow } from '../../stand-ins/teams.ts'
import { pluginContext } from '../../support/plugin-context.ts'

/** A Teams destination on a stand-in of its own. */
export interface TeamsDestination extends AsyncDisposable {
  readonly vendor: TeamsStandIn
  /** The workflow of the destination's own channel. */
  readonly sales: Workflow
  /** The workflow of the recipient `vip`. */
  readonly vip: Workflow
  /** The workflow of the owner ana@acme.example. */
  readonly ana: Workflow
  readonly instance: Notifier
  /** Delivers a small message with this call. */
  deliver(differences: Partial<Call>, message?: Partial<Message>): Promise<Receipt>
}

/** A first call with key `delivery-1`, with what a test wants different. */
export function callOf(differences: Partial<Call>): Call {
  const signal = AbortSignal.timeout(20_000)
  return { signal, idempotencyKey: 'delivery-1', attempt: 1, uncertain: false, resend: false, ...differences }
}

/** Starts a stand-in with three workflows and configures the plugin for them. */
export async function teamsDestination(
  config: Partial<TeamsConfig> = {},
  context: Partial<PluginContext> = {},
): Promise<TeamsDestination> {
  const vendor = await startTeams()
  const [sales, vip, ana] = [vendor.workflow(), vendor.workflow(), vendor.workflow()]
  const directories = { recipients: { vip: vip.url }, owners: { 'Ana@acme.example': ana.url } }
  const instance = await teams.configure({ url: sales.url, ...directories, ...config }, pluginContext(context))
  return {
    vendor,
    sales,
    vip,
    ana,
    instance,
    deliver: (differences, message) =>
      instance.deliver({ title: 'New lead', facts: [], ...message }, callOf(differences)),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

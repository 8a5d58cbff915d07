import type { WebClient } from '@slack/web-api'
import type { Call, PluginContext } from 'flowgate/plugin'
import { type EndpointClass, postClass } from './budgets.ts'
import type { SlackConfig } from './config.ts'
import { ask, slackClient } from './connection.ts'
import type { DirectChannels } from './direct-channels.ts'

/** A Slack workspace as one destination reaches it. */
export interface Workspace {
  readonly config: SlackConfig
  readonly context: Pick<PluginContext, 'spend' | 'now' | 'log'>
  readonly directChannels: DirectChannels
}

/** A workspace during one call. */
export interface Visit extends Workspace {
  readonly call: Call
  /** Makes one request that counts, when the account's budget lets it through. */
  request<Answer>(endpointClass: EndpointClass, request: (client: WebClient) => Promise<Answer>): Promise<Answer>
}

/** Begins a call's visit to a workspace. */
export function visit(workspace: Workspace, call: Call): Visit {
  const client = slackClient(workspace.config, call.signal)
  return {
    ...workspace,
    call,
    async request(endpointClass, request) {
      const name = typeof endpointClass === 'string' ? endpointClass : postClass(endpointClass.post)
      await workspace.context.spend(name, call.signal)
      return await ask(request(client))
    },
  }
}

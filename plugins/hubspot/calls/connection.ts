import type { PluginContext } from 'flowgate/plugin'
import { classesOf } from '../budgets.ts'
import type { HubspotSettings } from '../settings.ts'
import { accessOf } from './access.ts'
import { exchange, type Patience, type RequestBody } from './exchange.ts'
import { pathIn } from './paths.ts'
import { ProblemError } from './problem.ts'

/** One request to HubSpot's API. */
export interface ApiRequest {
  readonly method: string
  /** As in v3, with its query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: RequestBody
}

/** Sends a request and resolves with the JSON text of its answer; rejects as `exchange` does, and with FailureErrors. */
export type Send = (request: ApiRequest, patience: Patience) => Promise<string>

/**
 * The one way to HubSpot: in the version of the settings, within the account's budget, authorised. A refused token that
 * can be renewed is renewed once, and the request sent once more: HubSpot did not do what it refused.
 */
export function connect(settings: HubspotSettings, context: PluginContext): Send {
  const access = accessOf(settings, context)
  const once = async ({ method, path, headers, body }: ApiRequest, token: string, patience: Patience) => {
    for (const endpointClass of classesOf(path)) await context.spend(endpointClass, patience.signal)
    const url = `${settings.baseUrl}${pathIn(settings.api, path)}`
    const all = { accept: 'application/json', ...headers, authorization: `Bearer ${token}` }
    return exchange({ method, url, headers: all, ...(body === undefined ? {} : { body }) }, patience)
  }
  return async (request, patience) => {
    const token = await access.token(patience.signal)
    try {
      return await once(request, token, patience)
    } catch (error) {
      const refused = error instanceof ProblemError && error.problem.status === 401
      const renewed = refused ? await access.renewed(token, patience.signal) : undefined
      if (renewed === undefined) throw error
      return once(request, renewed, patience)
    }
  }
}

import type { AccountBudgets } from 'flowgate/plugin'
import type { HubspotSettings, Plan } from './settings.ts'

/**
 * What HubSpot lets through, by kind of credentials and plan (https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines).
 * A search counts against both.
 */
const TOKEN_REQUESTS: Readonly<Record<Plan, number>> = { free: 100, starter: 100, professional: 190, enterprise: 190 }
const APP_REQUESTS = 110
const SEARCHES_PER_SECOND = 5

/** The endpoint classes that `spend` is asked for. */
export type EndpointClass = 'all' | 'search'

/** The limits of the account behind these settings. Every token and every installed app has its own. */
export function budgetsOf({ credentials, plan, baseUrl }: HubspotSettings): AccountBudgets {
  const isApp = credentials.kind === 'app'
  const who = isApp ? `${credentials.clientId} ${credentials.refreshToken}` : credentials.accessToken
  const requests = isApp ? APP_REQUESTS : TOKEN_REQUESTS[plan]
  return {
    account: `${baseUrl} ${who}`,
    limits: {
      all: { requests, perSeconds: 10 },
      search: { requests: SEARCHES_PER_SECOND, perSeconds: 1 },
    },
  }
}

/** The classes that a request counts in. */
export function classesOf(path: string): readonly EndpointClass[] {
  return /^\/crm\/[^?]*\/search(?:\?|$)/.test(path) ? ['search', 'all'] : ['all']
}

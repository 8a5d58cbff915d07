import type { AccountBudgets, BudgetLimit } from 'flowgate/plugin'
import type { SlackConfig } from './config.ts'

/** A kind of request with a limit of its own; messages are limited channel by channel. */
export type EndpointClass = 'update' | 'history' | 'replies' | 'people' | 'open' | { readonly post: string }

/** Posting: "one message per second per channel" (docs.slack.dev, rate limits). */
const onePerSecond: BudgetLimit = { requests: 1, perSeconds: 1 }

/** Methods of Slack's third tier may be called "50+ per minute", each by itself (docs.slack.dev, rate limits). */
const thirdTier: BudgetLimit = { requests: 50, perSeconds: 60 }

/** Direct messages together: their channels are not known beforehand. */
const directly = 'post:people'

/** The class of a message to this channel, or to this person. */
export function postClass(address: string): string {
  return /^[DUW][A-Z0-9]{2,}$/.test(address) ? directly : `post:${address}`
}

/** What Slack lets one app do, in the channels that are configured. */
export function budgets({ bot_token, channel, recipients = {} }: SlackConfig): AccountBudgets {
  const channels = new Set([channel, ...Object.values(recipients)])
  const posting = Object.fromEntries([...channels].map((each) => [postClass(each), onePerSecond]))
  return {
    account: bot_token,
    limits: {
      ...posting,
      [directly]: onePerSecond,
      update: thirdTier,
      history: thirdTier,
      replies: thirdTier,
      people: thirdTier,
      open: thirdTier,
    },
  }
}

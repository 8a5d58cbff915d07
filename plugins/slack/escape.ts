import { oneLine } from 'flowgate/plugin'

/**
 * Makes text safe where Slack reads mrkdwn: no mention, channel or link can come out of it. The three characters and
 * their order are Slack's (docs.slack.dev, "Formatting message text").
 */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/**
 * A mrkdwn link `<url|label>` that neither part can break out of, or `undefined` when the address is no http address.
 */
export function mrkdwnLink(url: string, label: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') return undefined
  const address = parsed.href.replaceAll('|', '%7C').replaceAll('<', '%3C').replaceAll('>', '%3E')
  return `<${escapeMrkdwn(address)}|${escapeMrkdwn(oneLine(label).replaceAll('|', '¦'))}>`
}

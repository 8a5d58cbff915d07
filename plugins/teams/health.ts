import type { Health } from 'flowgate/plugin'
import { addressFault } from './address.ts'
import type { TeamsConfig } from './config.ts'

/** Looks at the form of the URLs: a workflow cannot be asked anything without posting. Reaches nobody. */
export function health(config: TeamsConfig): Health {
  const { url, recipients = {}, owners = {} } = config
  const channels: readonly (readonly [whose: string, url: string])[] = [
    ['this destination', url],
    ...Object.entries(recipients).map(([name, address]) => [`the recipient ${name}`, address] as const),
    ...Object.values(owners).map((address) => ['an owner', address] as const),
  ]
  for (const [whose, address] of channels) {
    const failure = addressFault(address, whose)
    if (failure) return { ok: false, failure }
  }
  return { ok: true, account: `${channels.length} workflow URLs, well formed; Teams cannot be asked without posting` }
}

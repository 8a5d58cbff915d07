import type { Health, SettingFault } from 'flowgate/plugin'
import { addressFault } from './address.ts'
import type { TeamsConfig } from './config.ts'
import type { Channel } from './recipient.ts'

/** Looks at the form of the URLs: a workflow cannot be asked anything without posting. Reaches nobody. */
export function health(config: TeamsConfig): Health {
  const channels = channelsOf(config)
  for (const { whose, url } of channels) {
    const failure = addressFault(url, whose)
    if (failure) return { ok: false, failure }
  }
  return { ok: true, account: `${channels.length} workflow URLs, well formed; Teams cannot be asked without posting` }
}

/** URLs of the settings that nothing can be posted to, as far as their form tells. */
export function settingFaults(config: TeamsConfig): readonly SettingFault[] {
  return channelsOf(config).flatMap(({ path, url, whose }) => {
    const fault = addressFault(url, whose)
    return fault === undefined ? [] : [{ path, message: fault.message }]
  })
}

function channelsOf({ url, recipients = {}, owners = {} }: TeamsConfig): readonly (Channel & Place)[] {
  return [
    { path: ['url'], url, whose: 'this destination' },
    ...Object.entries(recipients).map(([name, each]) => ({
      path: ['recipients', name],
      url: each,
      whose: `the recipient ${name}`,
    })),
    ...Object.entries(owners).map(([name, each]) => ({ path: ['owners', name], url: each, whose: 'an owner' })),
  ]
}

type Place = Pick<SettingFault, 'path'>

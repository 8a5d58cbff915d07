import { FailureError, type PluginContext } from 'flowgate/plugin'
import { tokensInMemory } from 'flowgate/plugin/testing'

/**
 * What the gateway lends a plugin instance, for a test that configures one: no files, no other destinations, silent logs,
 * the real clock, and a `fetch` that reaches stand-ins on 127.0.0.1 and follows no redirects. `different` replaces parts.
 */
export function pluginContext(different: Partial<PluginContext> = {}): PluginContext {
  return {
    destination: 'tested',
    log: { info: () => undefined, warn: () => undefined },
    now: () => new Date(),
    readFile: async (path) => {
      throw new Error(`The configuration folder of this test has no file ${path}.`)
    },
    fetch: (url, init) => fetch(url, { ...init, redirect: 'manual' }),
    crm: async (destination) => {
      const message = `There is no destination named ${destination} in this test.`
      throw new FailureError({ kind: 'permanent', scope: 'destination', code: 'no_such_destination', message })
    },
    spend: async () => undefined,
    accessToken: tokensInMemory(),
    ...different,
  }
}

import { systemClock } from '../../clock.ts'
import type { Configuration } from '../../config/configuration.ts'
import { createLog } from '../../log.ts'
import { FailureError } from '../../plugin/failure.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'
import { loadPlugin } from '../../registry/load-plugin.ts'
import { createRegistry } from '../../registry/registry.ts'

/** Sources that answer from their settings alone, asked for real; those that would reach anybody are never asked. */
export interface OfflineSources {
  /** What such a source answers, or why it does not; `undefined` where it is no such source. Never rejects. */
  read(source: string, query: string, parameters: JsonObject): Promise<OfflineAnswer | undefined>
  /** Harmless when called twice. */
  close(): Promise<void>
}

export type OfflineAnswer =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly reason: string }

/** The offline sources of a configuration that lies in `folder`. Each is set up when it is first asked. */
export function createOfflineSources(configuration: Configuration, folder: string): OfflineSources {
  const log = createLog({ level: 'silent' })
  const registry = createRegistry({
    configuration: () => configuration,
    configurationFolder: folder,
    log,
    clock: systemClock,
  })
  const offline = new Map<string, Promise<boolean>>()

  const isOffline = (name: string): Promise<boolean> => {
    const known = offline.get(name) ?? tellsOffline(configuration.sources.get(name)?.plugin, folder)
    offline.set(name, known)
    return known
  }

  return {
    async read(source, query, parameters) {
      if (!(await isOffline(source))) return undefined
      try {
        const { instance } = await registry.source(source)
        const call = { signal: new AbortController().signal, idempotencyKey: '', attempt: 1, uncertain: false }
        const value = await instance.read(query, parameters, { ...call, resend: false })
        // As the gateway keeps it: plain JSON, whatever the plugin gave.
        return { ok: true, value: JSON.parse(JSON.stringify(value ?? null)) as Json }
      } catch (error) {
        if (error instanceof FailureError) return { ok: false, reason: error.failure.message }
        return { ok: false, reason: error instanceof Error ? error.message : String(error) }
      }
    },
    close: () => registry.close(),
  }
}

async function tellsOffline(plugin: string | undefined, folder: string): Promise<boolean> {
  const definition = plugin === undefined ? undefined : await loadPlugin(plugin, folder)
  return definition?.offline === true
}

import type { SourceSettings } from '../config/configuration.ts'
import type { Flow } from '../flow/model.ts'

/** What of a configuration says which old answers are of use. */
interface Asks {
  readonly flows: ReadonlyMap<string, { readonly versions: ReadonlyMap<string, { readonly flow: Pick<Flow, 'asks'> }> }>
}

/** Whether anything lets old answers of this source stand in: its own settings, or an ask of a version that is alive. */
export function mayStandIn(
  { flows }: Asks,
  { name, ifUnavailable }: Pick<SourceSettings, 'name' | 'ifUnavailable'>,
): boolean {
  const asks = [...flows.values()]
    .flatMap(({ versions }) => [...versions.values()])
    .flatMap(({ flow }) => [...flow.asks.values()])
  return (
    ifUnavailable.includes('stale') ||
    asks.some((ask) => ask.source === name && ask.ifUnavailable.some(({ kind }) => kind === 'stale'))
  )
}

import { didYouMean } from '../../value/nearest.ts'
import { strangersTo } from '../../value/writing.ts'
import type { WriteOrders } from '../plugin-catalogue.ts'
import type { DestinationKinds } from './destinations.ts'
import { recordsIn } from './mapping-items.ts'
import type { MappingParts } from './parts.ts'

/** Orders of values that the plugin of each destination knows. */
export type DestinationOrders = ReadonlyMap<string, WriteOrders>

/** What only moves forward needs an order, from the mapping or from the plugin, and its constants must be in it. */
export function checkWriteOrders(
  { file, mapping, report }: Pick<MappingParts, 'file' | 'mapping' | 'report'>,
  kinds: DestinationKinds,
  known: DestinationOrders,
): void {
  for (const [index, { raw, at }] of recordsIn(file).entries()) {
    // What a destination that is no CRM, or whose plugin is not there, would know is told where it is named.
    if (kinds.get(raw.to) !== 'crm') continue
    const orders = known.get(raw.to) ?? {}
    for (const [name, { writing }] of mapping.records[index]?.fields ?? []) {
      if (writing.policy !== 'forward_only' || writing.order !== undefined) continue
      const value = raw.fields[name]
      // An `order` that is no order is told by the value's own compiler.
      if (typeof value === 'object' && value !== null && 'order' in value) continue
      const path = [...at, 'fields', name]
      const key = `${raw.object}.${name}`
      if (!Object.hasOwn(orders, key)) {
        const of = `${raw.object}.`
        const own = Object.keys(orders).filter((each) => each.startsWith(of))
        const hint = didYouMean(
          name,
          own.map((each) => each.slice(of.length)),
        )
        const message = `nobody knows the order of \`${key}\`${hint || ': add `order`, its values from the lowest to the highest, such as `[lead, customer]`'}`
        report({ severity: 'error', path: [...path, 'write'], code: 'FG_CONFIG_WRITE', message })
        continue
      }
      for (const stranger of strangersTo(orders[key] ?? [], value)) {
        const { message } = stranger
        report({ severity: 'error', path: [...path, ...stranger.path], code: 'FG_CONFIG_WRITE', message })
      }
    }
  }
}

import type { Query } from 'flowgate/plugin'
import type { Lists } from './config.ts'

/** Each list as a query. It needs no parameter; any key of its items may be one. */
export function queriesOf(lists: Lists): readonly Query[] {
  return Object.entries(lists).map(([name, items]) => ({
    name,
    parameters: [],
    optional: [...new Set(items.flatMap((item) => Object.keys(item)))].sort(),
    purpose: 'read',
  }))
}

import type { FlowParts } from './parts.ts'
import type { KnownSources } from './sources.ts'

/**
 * A list of options that is absent breaks the answer; an empty one does not. Where a source may stay without an answer and
 * the person goes on nevertheless, its list needs a default.
 */
export function adviseOnLists(parts: FlowParts, sources: KnownSources | undefined): void {
  const { file, flow, report } = parts
  for (const [id, { data = {} }] of Object.entries(file.screens)) {
    for (const key of flow.flowJson.screens.get(id)?.listLimits.keys() ?? []) {
      const ask = Object.hasOwn(data, key) ? onlyAsk(data[key]) : undefined
      if (ask === undefined || !goesOnWithout(parts, ask, sources)) continue
      const message = `where \`${ask}\` cannot be answered people go on, but WhatsApp refuses screen \`${id}\` without \`${key}\`: give it \`default: []\``
      const path = ['screens', id, 'data', key]
      report({ severity: 'advice', path, code: 'FG_CONFIG_LIST_ABSENT', message, atKey: true })
    }
  }
}

/** The ask whose answer alone makes a value; `undefined` where there is a default or something else. */
function onlyAsk(raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null || 'default' in raw) return undefined
  const path: unknown = 'each' in raw ? raw.each : 'from' in raw ? raw.from : undefined
  const [root, name] = typeof path === 'string' ? path.split('.') : []
  return root === 'asked' ? name : undefined
}

function goesOnWithout({ flow }: FlowParts, name: string, sources: KnownSources | undefined): boolean {
  const ask = flow.asks.get(name)
  const own = ask?.ifUnavailable.find(({ kind }) => kind !== 'stale')
  if (own !== undefined) return own.kind === 'accept_and_flag'
  return ask !== undefined && sources?.get(ask.source)?.acceptsAndFlags === true
}

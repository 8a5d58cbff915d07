import type { Json } from '../../plugin/json.ts'
import { didYouMean, nearest } from '../../value/nearest.ts'
import { asText } from '../../value/text.ts'
import type { Exchange } from '../../whatsapp/flow-json.ts'
import { comparedWith } from './compared-with.ts'
import type { FlowParts } from './parts.ts'
import { placeOf } from './place-of.ts'
import { type Part, type Written, writtenInFlow } from './written.ts'

/** Parts that are worked out for a request of their own screen; others may be for one of any screen. */
const OF_ITS_SCREEN: readonly Part[] = ['trigger', 'check', 'reserve', 'repeat', 'next']

/** Each `sent.<key>` must be a key some payload sends, and what it is compared with something that is ever sent. */
export function checkSent(written: Written, parts: FlowParts): void {
  const { report } = parts
  const exchanges = exchangesFor(written, parts)
  const keys = new Set(exchanges.flatMap(({ payload }) => Object.keys(payload)))
  for (const path of written.paths) {
    const key = sentKey(path)
    if (key === undefined) continue
    const place = placeOf(path, written.raw, written.at)
    if (!keys.has(key)) {
      const who = OF_ITS_SCREEN.includes(written.part) ? `screen \`${written.owner}\`` : 'any screen'
      const message = `\`${path}\` is never sent: no data_exchange payload of ${who} carries it${didYouMean(key, keys)}`
      report({ severity: 'error', code: 'FG_CONFIG_SENT_UNKNOWN', message, ...place })
      continue
    }
    const values = path === `sent.${key}` ? constantsOf(key, exchanges) : undefined
    for (const { literal, at } of values === undefined ? [] : comparedWith(path, written.raw, written.at)) {
      const text = asText(literal)
      if (values === undefined || values.has(text)) continue
      const message = `\`${path}\` is never \`${text}\`: the Flow JSON sends ${[...values].join(', ')}${didYouMean(text, values)}`
      report({ severity: 'error', path: at, code: 'FG_CONFIG_SENT_NEVER', message })
    }
  }
}

/** Keys of a screen's payloads that its flow looks at as `sent.<key>`; a mistyped one counts as the key it most likely means. */
export function sentKeys(parts: FlowParts, screen: string): ReadonlySet<string> {
  const keys = parts.flow.flowJson.screens.get(screen)?.payloadKeys ?? new Set<string>()
  const looked = new Set<string>()
  for (const written of writtenInFlow(parts)) {
    if (OF_ITS_SCREEN.includes(written.part) && written.owner !== screen) continue
    for (const path of written.paths) {
      const key = sentKey(path)
      const meant = key === undefined || keys.has(key) ? key : nearest(key, keys)
      if (meant !== undefined) looked.add(meant)
    }
  }
  return looked
}

function sentKey(path: string): string | undefined {
  const [root, key] = path.split('.')
  return root === 'sent' ? key : undefined
}

function exchangesFor({ part, owner }: Written, { flow }: FlowParts): readonly Exchange[] {
  const screens = [...flow.flowJson.screens.values()]
  const asking = OF_ITS_SCREEN.includes(part) ? screens.filter(({ id }) => id === owner) : screens
  return asking.flatMap(({ exchanges }) => exchanges)
}

/** What a key can be where every payload that has it writes it out; `undefined` where the phone fills it. */
function constantsOf(key: string, exchanges: readonly Exchange[]): ReadonlySet<string> | undefined {
  const values = exchanges.flatMap(({ payload }) => (Object.hasOwn(payload, key) ? [payload[key] ?? null] : []))
  return values.every(isConstant) ? new Set(values.map(asText)) : undefined
}

/** Flow JSON fills `${…}`, and computes what stands in backticks since 6.0. */
function isConstant(value: Json): boolean {
  if (typeof value === 'string') return !value.includes('${') && !value.startsWith('`')
  return typeof value === 'number' || typeof value === 'boolean'
}

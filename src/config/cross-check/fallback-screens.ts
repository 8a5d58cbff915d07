import { askFinder } from './asks.ts'
import type { FlowParts } from './parts.ts'
import { startsOf } from './screens.ts'
import { checkExists, fallbackScreens, hasEdge, targetsOf } from './targets.ts'
import { type Written, writtenInFlow } from './written.ts'

/** Stands for INIT, which comes from no screen. */
const OPENING = ''

/**
 * Screens shown where a source cannot answer. WhatsApp lets an answer lead only along the edges of the screen that asked;
 * elsewhere the person reads `messages.sorry` instead, so a missing edge is advice.
 */
export function checkFallbackScreens(parts: FlowParts): void {
  const written = [...writtenInFlow(parts)]
  const asksOf = askFinder(written)
  for (const [ask, shown] of fallbackScreens(parts.file)) {
    const using = written.filter(({ part, paths }) => part !== 'ask' && asksOf(paths).has(ask))
    const needed = asksOf([`asked.${ask}`])
    const own = written.filter(({ part, owner }) => part === 'ask' && needed.has(owner))
    const atOnce = !own.some(({ paths }) => paths.some((path) => /^(?:form|sent|checks)\./u.test(path)))
    for (const { screen, at } of shown) {
      checkExists(parts, screen, at)
      const message = parts.flow.flowJson.screens.has(screen) ? faultOf(parts, { using, atOnce }, screen) : undefined
      if (message === undefined) continue
      parts.report({ severity: 'advice', path: at, code: 'FG_CONFIG_FALLBACK_SCREEN', message })
    }
  }
}

/** Everything that refers to an ask, and whether it is asked before anybody has answered anything. */
interface Use {
  readonly using: readonly Written[]
  readonly atOnce: boolean
}

function faultOf(parts: FlowParts, use: Use, to: string): string | undefined {
  const { using } = use
  const painted = new Set(using.filter(({ part }) => part === 'data').map(({ owner }) => owner))
  const { entryScreens, routing } = parts.flow.flowJson
  const cut = [...requestsFor(parts, painted, use)].filter(
    (from) => from !== to && !(from === OPENING ? entryScreens.has(to) : hasEdge(routing, from, to)),
  )
  if (cut.length === 0) return undefined
  const places = cut.map((from) => (from === OPENING ? 'the beginning' : `\`${from}\``)).join(', ')
  return `no edge leads from ${places} to \`${to}\`: there the person stays and reads messages.sorry`
}

/** Screens whose requests may put an ask: for what they do themselves, or for the data of the screen that follows. */
function requestsFor(parts: FlowParts, painted: ReadonlySet<string>, { using, atOnce }: Use): ReadonlySet<string> {
  const { file, flow } = parts
  const from = new Set(using.filter(({ part, owner }) => part !== 'data' && owner !== '').map(({ owner }) => owner))
  for (const id of Object.keys(file.screens)) {
    if (targetsOf(id, file.screens[id]).some(({ screen }) => painted.has(screen))) from.add(id)
    if (painted.has(id) && flow.flowJson.screens.get(id)?.asksEndpoint === true) from.add(id)
  }
  if (atOnce && startsOf(parts).some((id) => painted.has(id))) from.add(OPENING)
  return from
}

import type { World } from './inquiry.ts'
import type { Flow } from './model.ts'
import { JUDGED } from './refuse.ts'
import type { Turn } from './turn.ts'

/** So long the same request again means the same press. Later it is worked out anew, for sources may say otherwise by then. */
const SAME_PRESS_MS = 60_000

/** Nobody fills in a round of a repeated screen faster, so until then the same answers are the same round. */
const SAME_ROUND_MS = 2_000

/**
 * Whether this request is the one that moved the run last, come again: a double tap, or a press after an answer that was
 * lost. It then gets the same answer.
 */
export function isRepeated({ flow, session, request }: Turn, { raced, now }: World): boolean {
  const { lastRequest, lastAnswer, updatedAt } = session
  if (raced && lastRequest === JUDGED + request.fingerprint) return true
  if (lastRequest !== request.fingerprint) return false
  if (raced) return true
  const elapsedMs = now.getTime() - updatedAt.getTime()
  const inNextRound = lastAnswer?.screen === request.screen && flow.screens.get(request.screen)?.repeat !== undefined
  if (!inNextRound) return elapsedMs <= SAME_PRESS_MS
  return tellsRound(flow, request.screen) || elapsedMs <= SAME_ROUND_MS
}

/** Whether the payload of a repeated screen says which round it is of, so that no two rounds look alike. */
function tellsRound(flow: Flow, screen: string): boolean {
  const data = [...(flow.screens.get(screen)?.data ?? [])]
  const rounds = data.filter(([, { paths }]) => paths.includes('session.round')).map(([key]) => `\${data.${key}}`)
  const exchanges = flow.flowJson.screens.get(screen)?.exchanges ?? []
  return exchanges.some(({ payload }) =>
    Object.values(payload).some((sent) => typeof sent === 'string' && rounds.includes(sent)),
  )
}

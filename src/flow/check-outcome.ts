import type { JsonObject } from '../plugin/json.ts'
import { canonicalText, sha256 } from '../value/hash.ts'
import type { Check, Flow } from './model.ts'
import type { Session } from './session.ts'

/** Names the answers a check judged, without holding them. */
export function basisOf(check: Check, form: JsonObject): string {
  const judged = check.judges.map((name) => [name, form[name] ?? null])
  return sha256(canonicalText(judged)).toString('base64url')
}

/** `checks.*` in values: the outcomes whose answers have not changed since. */
export function outcomesThatHold(flow: Flow, session: Session): JsonObject {
  const outcomes = session.progress.checks
  if (Object.keys(outcomes).length === 0) return {}
  const known = [...flow.screens.values()].flatMap(({ checks }) => checks)
  const holding = known.flatMap((check) => {
    const outcome = outcomes[check.id]
    if (outcome === undefined || outcome.basis !== basisOf(check, session.form)) return []
    const { basis: _basis, ...shown } = outcome
    return [[check.id, shown] as const]
  })
  return Object.fromEntries(holding)
}

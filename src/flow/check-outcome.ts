import type { JsonObject } from '../plugin/json.ts'
import { canonicalText, sha256 } from '../value/hash.ts'
import type { Check, Flow } from './model.ts'
import type { Session } from './session.ts'

/** Names the answers a check judged, without holding them. */
export function basisOf(check: Check, form: JsonObject): string {
  // An empty name stands for all answers: something it judges by takes the whole form.
  const judged = check.judges.includes('') ? form : check.judges.map((name) => [name, form[name] ?? null])
  return sha256(canonicalText(judged)).toString('base64url')
}

/** `checks.*` in values: the outcomes whose answers have not changed since. */
export function outcomesThatHold(flow: Flow, session: Session): JsonObject {
  const outcomes = session.progress.checks
  if (Object.keys(outcomes).length === 0) return {}
  const known = [...flow.screens.values()].flatMap(({ checks }) => checks)
  const made = known.filter(({ id }) => outcomes[id] !== undefined)
  let holding = made.filter((check) => outcomes[check.id]?.basis === basisOf(check, session.form))
  for (let before = made.length; holding.length < before; ) {
    before = holding.length
    const lapsed = made.filter((check) => !holding.includes(check)).map(({ id }) => id)
    holding = holding.filter(({ buildsOn }) => !buildsOn.some((id) => lapsed.includes(id)))
  }
  return Object.fromEntries(
    holding.map(({ id }) => {
      const { basis: _basis, ...shown } = outcomes[id] ?? { ok: false, basis: '' }
      return [id, shown]
    }),
  )
}

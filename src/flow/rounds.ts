import type { Json, JsonObject } from '../plugin/json.ts'
import type { Flow } from './model.ts'
import { collected } from './scope.ts'
import type { Session } from './session.ts'

/** A repeated screen that is entered collects its list from the beginning, and each of its rounds begins empty. */
export function atFirstRound(flow: Flow, screen: string, session: Session): Session {
  const { repeat, fields } = flow.screens.get(screen) ?? {}
  if (repeat === undefined || collected(session.form, repeat.into).length === 0) return session
  const others = Object.entries(session.form).filter(([name]) => fields?.has(name) !== true)
  return { ...session, form: { ...Object.fromEntries(others), [repeat.into]: [] } }
}

/** Going back to a repeated screen opens its last round again. */
export function inLastRound(flow: Flow, screen: string, session: Session): Session {
  const { repeat } = flow.screens.get(screen) ?? {}
  const list = repeat === undefined ? [] : collected(session.form, repeat.into)
  const last = list.at(-1)
  if (repeat === undefined || last === undefined || !isObject(last)) return session
  return { ...session, form: { ...session.form, ...last, [repeat.into]: list.slice(0, -1) } }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import type { Json, JsonObject } from '../plugin/json.ts'
import { type Inquiry, type Manner, workOut } from './inquiry.ts'
import type { Flow, Screen } from './model.ts'
import { collected } from './scope.ts'
import type { Session } from './session.ts'

/** No list of people, rooms or things is longer in a form on a phone; a mistyped number must not keep anybody for ever. */
const MOST_ROUNDS = 100

/** A repeated screen that is entered collects its list from the beginning, and each of its rounds begins empty. */
export function atFirstRound(flow: Flow, screen: string, session: Session): Session {
  const { repeat, fields } = flow.screens.get(screen) ?? {}
  if (repeat === undefined || collected(session.form, repeat.into).length === 0) return session
  const others = Object.entries(session.form).filter(([name]) => fields?.has(name) !== true)
  return { ...session, form: { ...Object.fromEntries(others), [repeat.into]: [] } }
}

/** The last round that a repeated screen has collected, opened again. */
export function inLastRound(flow: Flow, screen: string, session: Session): Session {
  const { repeat } = flow.screens.get(screen) ?? {}
  const list = repeat === undefined ? [] : collected(session.form, repeat.into)
  const last = list.at(-1)
  if (repeat === undefined || last === undefined || !isObject(last)) return session
  return { ...session, form: { ...session.form, ...last, [repeat.into]: list.slice(0, -1) } }
}

/**
 * A repeated screen whose list is full has no round after its last: opened again, gone back to, or answered by a phone that
 * went back by itself, it is in the last one, and that one's answers stand in the inputs. The same however often it is done.
 */
export async function inOpenRound(flow: Flow, screen: string, session: Session, inquiry: Inquiry): Promise<Session> {
  const declared = flow.screens.get(screen)
  const reopened = inLastRound(flow, screen, session)
  if (declared?.repeat === undefined || reopened === session) return session
  return (await isFull(declared, session, reopened, inquiry)) ? reopened : session
}

/** Whether a repeated screen has collected all its rounds; any other has no more to collect. */
export async function hasAllRounds(flow: Flow, screen: string, session: Session, inquiry: Inquiry): Promise<boolean> {
  const declared = flow.screens.get(screen)
  if (declared?.repeat === undefined) return true
  return isFull(declared, session, inLastRound(flow, screen, session), inquiry)
}

/** Judged as when the last round was answered, by the run at that round: how many there are may depend on its answers. */
async function isFull(screen: Screen, session: Session, reopened: Session, inquiry: Inquiry): Promise<boolean> {
  if (screen.repeat === undefined) return false
  return collected(session.form, screen.repeat.into).length >= (await roundsOf(screen, reopened, inquiry, 'lenient'))
}

/** How many rounds a screen has for these answers, between 1 and 100. */
export async function roundsOf(
  { id, repeat }: Screen,
  session: Session,
  inquiry: Inquiry,
  manner?: Manner,
): Promise<number> {
  if (repeat === undefined) return 1
  const scope = await inquiry.scope(session, id, repeat.times.paths, manner)
  const wanted = Number(await workOut(repeat.times, scope))
  return Number.isFinite(wanted) ? Math.min(Math.max(1, Math.trunc(wanted)), MOST_ROUNDS) : 1
}

/** Where a run is stored its own list counts, whatever a phone sends by that name; without a session the phone's is all there is. */
export function withOwnList({ repeat }: Screen, session: Session, form: JsonObject): JsonObject {
  if (repeat === undefined || session.token === '') return form
  const { [repeat.into]: _sent, ...others } = form
  const own = session.form[repeat.into]
  return own === undefined ? others : { ...others, [repeat.into]: own }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

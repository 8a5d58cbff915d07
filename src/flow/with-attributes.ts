import type { Json } from '../plugin/json.ts'
import { ValueError } from '../value/value-error.ts'
import type { Inquiry } from './inquiry.ts'
import type { Flow } from './model.ts'
import type { Session } from './session.ts'

/**
 * A run at its beginning with the person's attributes worked out; later ones keep what they have. What the token says
 * wins, and what no source can tell in time is absent.
 */
export async function withAttributes(flow: Flow, session: Session, inquiry: Inquiry): Promise<Session> {
  if (flow.person.size === 0 || session.revision > 0) return session
  const paths = [...flow.person.values()].flatMap((value) => value.paths)
  const scope = await inquiry.scope(session, flow.firstScreen, paths, 'lenient')
  const person: Record<string, Json> = { ...session.person }
  for (const [name, value] of flow.person) {
    if (Object.hasOwn(person, name)) continue
    try {
      const attribute = await value.evaluate(scope)
      if (attribute !== undefined) person[name] = attribute
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
    }
  }
  return { ...session, person }
}

import type { PhoneScreen } from './flow-on-phone.ts'
import { fillAction } from './person.ts'
import type { Walking } from './walk.ts'

/**
 * Leaves a screen backwards, once, and comes forward again by the same answers; the phone asks the gateway on the way back
 * where the screen says so. Resolves with whether the person is on the screen again.
 */
export async function stepBack(walking: Walking, screen: PhoneScreen): Promise<boolean> {
  const { phone, settings, departures, wentBackFrom, refused } = walking
  const behind = settings.flow.screens.get(phone.stack.at(-2) ?? '')
  const departure = departures.get(behind?.id ?? '')
  if (walking.reopened || behind === undefined || departure === undefined) return true
  if (wentBackFrom.has(screen.id) || refused.has(behind.id)) return true
  wentBackFrom.add(screen.id)
  const reached = await phone.back(screen)
  if (reached === undefined) return false
  if (reached !== behind.id) {
    const message = `BACK from ${screen.id} was answered by ${reached}; the person came from ${behind.id}`
    phone.found('other-screen', message)
    return false
  }
  phone.say(`and forward again from ${behind.id}`)
  const { action, answers } = departure
  const { payload, form } = fillAction(behind, action, answers, phone.memory)
  phone.memory.answered.set(behind.id, form)
  const forward = await phone.act(behind, action, payload)
  if (forward !== undefined && forward !== screen.id) {
    phone.found('other-screen', `after BACK, ${behind.id} led to ${forward} instead of ${screen.id}`)
  }
  return forward === screen.id
}

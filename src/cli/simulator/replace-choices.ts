import type { Json, JsonObject } from '../../plugin/json.ts'
import { notOffered } from './choices.ts'
import type { Action, PhoneScreen } from './flow-on-phone.ts'
import type { Phone } from './phone.ts'

/**
 * The answers with the first choice on offer in place of those that are not there: a running gateway's lists are not those
 * the plan was made for. Each is told; where nothing at all is offered that is a finding, and there are no answers.
 */
export function replaceChoices(
  phone: Phone,
  screen: PhoneScreen,
  answers: JsonObject,
  action: Action,
): JsonObject | undefined {
  const replaced: Record<string, Json> = { ...answers }
  for (const { name, missing, offered } of notOffered(screen, answers, phone.memory, action)) {
    const [first] = offered
    if (first === undefined) return phone.found('not-offered', `${screen.id} offers nothing to choose for ${name}`)
    const wanted = answers[name]
    const left = Array.isArray(wanted) ? wanted.filter((id) => offered.includes(String(id))) : []
    replaced[name] = Array.isArray(wanted) ? (left.length > 0 ? left : [first]) : first
    phone.say(`${name}: ${missing.join(', ')} is not offered here, so ${JSON.stringify(replaced[name])} is chosen`)
  }
  return replaced
}

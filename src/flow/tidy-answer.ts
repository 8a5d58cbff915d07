import type { Json } from '../plugin/json.ts'
import type { Flow } from './model.ts'
import type { ScreenAnswer } from './session.ts'

/** Above this an answer still goes out but is suspect, and the operator is told. Characters of JSON. */
const LARGE_ANSWER = 64 * 1024

/** An answer fit for its components, and what an operator should know about it. */
export interface TidyAnswer {
  readonly answer: ScreenAnswer
  /** One sentence each, naming keys, never what they hold. */
  readonly remarks: readonly string[]
}

/** Cuts lists to what their component can show (Meta's component reference) and remarks on that and on a large answer. */
export function tidyAnswer(flow: Flow, answer: ScreenAnswer): TidyAnswer {
  const limits = flow.flowJson.screens.get(answer.screen)?.listLimits ?? new Map<string, number>()
  const remarks: string[] = []
  const data: Record<string, Json> = { ...answer.data }
  for (const [key, limit] of limits) {
    const list = data[key]
    if (!Array.isArray(list) || list.length <= limit) continue
    data[key] = list.slice(0, limit)
    remarks.push(`data.${key} has ${list.length} items and its component shows at most ${limit}: the rest was cut off`)
  }
  const tidy = remarks.length === 0 ? answer : { screen: answer.screen, data }
  const characters = JSON.stringify(tidy).length
  if (characters > LARGE_ANSWER) remarks.push(`the answer has ${characters} characters: shorten its data or images`)
  return { answer: tidy, remarks }
}

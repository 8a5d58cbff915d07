import type { FlowTest } from '../../config/schema/tests.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'
import type { PhoneScreen } from './flow-on-phone.ts'
import { type DeclaredFields, inventAnswers } from './invented-answers.ts'
import { type Memory, namesOf } from './person.ts'
import { selectionOf } from './selection.ts'
import { type Plan, PlanError, type Turn } from './walk.ts'

/** Walks exactly the steps of one of the operator's tests, and stops after the last. */
export function planFromSteps(steps: FlowTest['steps']): Plan {
  let index = 0
  return {
    length: steps.length,
    turn(screen) {
      const step = steps[index]
      if (!step) return undefined
      index += 1
      if (step.reopen === true) return { kind: 'reopen', leadsTo: step.then }
      if (step.screen !== screen?.id) {
        const place = screen === undefined ? 'the form is closed' : `the gateway shows ${screen.id}`
        throw new PlanError(`step ${index} is on ${step.screen}, and ${place}`)
      }
      if (step.back === true) return { kind: 'back', leadsTo: step.then }
      if (step.select !== undefined) return { kind: 'select', answers: step.select, leadsTo: step.then }
      return { kind: 'press', answers: step.fill ?? {}, leadsTo: step.then }
    },
    resumeAt(screen) {
      let at = steps.slice(0, index + 1).findLastIndex((step) => step.screen === screen)
      if (at === -1) throw new PlanError(`the gateway goes on at ${screen}, and no step before was there`)
      // From where the person came to the screen.
      while (steps[at - 1]?.screen === screen && steps[at - 1]?.then === screen) at -= 1
      index = at
    },
  }
}

/**
 * Walks wherever the gateway leads: with the answers given for a screen, and invented ones for whatever they leave out.
 * Inputs that ask the gateway when something is selected do so first, in their order.
 */
export function planFromAnswers(
  answers: Readonly<Record<string, JsonObject>>,
  fields: Readonly<Record<string, DeclaredFields>>,
  now: Date,
): Plan {
  let at: string | undefined
  const selected = new Set<string>()
  const answersOn = (screen: PhoneScreen, memory: Memory): JsonObject => {
    const shown = memory.shown.get(screen.id) ?? {}
    return { ...inventAnswers(screen, fields[screen.id] ?? {}, shown, now), ...answers[screen.id] }
  }
  return {
    turn(screen, memory) {
      if (screen === undefined) return undefined
      if (screen.id !== at) selected.clear()
      at = screen.id
      const all = answersOn(screen, memory)
      return nextSelection(screen, all, selected) ?? { kind: 'press', answers: all, leadsTo: undefined }
    },
    resumeAt() {
      at = undefined
    },
  }
}

/** The selection of the first input that has an answer and did not ask yet. */
function nextSelection(screen: PhoneScreen, all: JsonObject, selected: Set<string>): Turn | undefined {
  for (const input of screen.inputs) {
    const action = selectionOf(screen, input.name)
    const answer = namesOf(screen, input)
      .map((name) => all[name])
      .find((value) => value !== undefined)
    if (action === undefined || answer === undefined || selected.has(input.name)) continue
    selected.add(input.name)
    // Only what was answered before it: the inputs below are not there yet.
    const sent: Record<string, Json> = {}
    for (const [key, value] of Object.entries(action.payload)) {
      if (value === `\${form.${input.name}}`) sent[key] = answer
    }
    return {
      kind: 'select',
      answers: { ...constantsOf(action.payload), [input.name]: answer, ...sent },
      leadsTo: undefined,
    }
  }
  return undefined
}

function constantsOf(payload: JsonObject): JsonObject {
  const isConstant = (value: Json): boolean =>
    typeof value === 'string' ? !value.includes('${') : typeof value !== 'object'
  return Object.fromEntries(Object.entries(payload).filter(([, value]) => isConstant(value)))
}

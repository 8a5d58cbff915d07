import type { FlowTest } from '../../config/schema/tests.ts'
import type { JsonObject } from '../../plugin/json.ts'
import { type DeclaredFields, inventAnswers } from './invented-answers.ts'
import { type Plan, PlanError } from './walk.ts'

/** Walks exactly the steps of one of the operator's tests, and stops after the last. */
export function planFromSteps(steps: FlowTest['steps']): Plan {
  let index = 0
  return {
    turn(screen) {
      const step = steps[index]
      if (!step) return undefined
      index += 1
      if (step.screen === screen.id) return { answers: step.fill ?? {}, leadsTo: step.then }
      throw new PlanError(`step ${index} is on ${step.screen}, and the gateway shows ${screen.id}`)
    },
  }
}

/** Walks wherever the gateway leads: with the answers given for a screen, and invented ones for whatever they leave out. */
export function planFromAnswers(
  answers: Readonly<Record<string, JsonObject>>,
  fields: Readonly<Record<string, DeclaredFields>>,
  now: Date,
): Plan {
  return {
    turn(screen, shown) {
      const invented = inventAnswers(screen, fields[screen.id] ?? {}, shown, now)
      return { answers: { ...invented, ...answers[screen.id] }, leadsTo: undefined }
    },
  }
}

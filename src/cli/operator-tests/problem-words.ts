import { SUCCESS } from '../../flow/session.ts'
import type { Step } from '../../flow/step.ts'

/** A place as tests name it. */
export function atPlan(screen: string): string {
  return screen === SUCCESS ? 'submitted' : screen
}

/** What went wrong in an answer that led elsewhere than planned: what was refused, and what the person was `told`. */
export function againstPlan(step: Step | undefined, told: string): string {
  if (step === undefined) return ''
  const words = told === '' ? '' : ` (${told})`
  if (step.refused !== undefined) return `: ${step.refused.join(', ')} refused${words}`
  if (step.incomplete !== undefined) return `: earlier answers are missing: ${step.incomplete.join(', ')}${words}`
  if (step.unavailable !== undefined) return `: ${step.unavailable.join(', ')} could not be asked${words}`
  return ''
}

/** Where an answer did not fit the Flow JSON, so that the person saw an apology instead. */
export function faultLines({ rejected }: Step): readonly string[] {
  if (rejected === undefined) return []
  return rejected.faults.map(({ path, message }) => {
    const place = path === '' ? rejected.screen : `${rejected.screen}.${path}`
    return `the answer does not fit the Flow JSON: ${place}: ${message}`
  })
}

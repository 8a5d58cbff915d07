import type { RuleFile } from '../../config/schema/flow.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'
import type { Person } from './answers.ts'
import type { FieldsByScreen } from './draft-data.ts'
import type { DraftField } from './draft-fields.ts'
import type { Outline, OutlinedScreen } from './outline.ts'

/** One step of a generated test. */
export interface WalkStep {
  readonly screen?: string
  readonly fill?: JsonObject
  readonly reopen?: true
  readonly then: string
}

/** What a walk needs to know of a draft. */
export interface Walked {
  readonly outline: Outline
  readonly firstScreen: string
  readonly fields: FieldsByScreen
  readonly rules: ReadonlyMap<string, readonly RuleFile[]>
  readonly person: Person
}

/** Where a step says that the form is finished. */
export const SUBMITTED = 'submitted'

/** From the first screen to the end, by the last resort of each screen and the first way that leads on without the gateway. */
export function walkThrough(walked: Walked): readonly WalkStep[] {
  const steps: WalkStep[] = []
  const seen = new Set<string>()
  let at: string | undefined = walked.firstScreen
  while (at !== undefined && !seen.has(at)) {
    seen.add(at)
    const screen = walked.outline.screens.get(at)
    const rule = walked.rules.get(at)?.at(-1)
    const then: string | undefined = rule === undefined ? screen?.ways[0]?.to : (rule.show ?? SUBMITTED)
    if (screen === undefined || then === undefined) break
    const fill = fillOf(screen, walked)
    steps.push({ screen: at, ...(Object.keys(fill).length === 0 ? {} : { fill }), then })
    at = rule?.submit === true ? undefined : then
  }
  // Nothing on the first screen asks the gateway or leads on: it can only be opened.
  return steps.length === 0 ? [{ reopen: true, then: walked.firstScreen }] : steps
}

/** What is answered on a screen, and what the Flow JSON adds where that tells requests apart. */
function fillOf(screen: OutlinedScreen, { fields, person }: Walked): JsonObject {
  const fill: Record<string, Json> = {}
  for (const [id, own] of fields) {
    for (const field of own) {
      const answer = answerOf(field, id, screen, person)
      if (answer !== undefined) fill[field.name] = answer
    }
  }
  return fill
}

function answerOf(field: DraftField, id: string, screen: OutlinedScreen, person: Person): Json | undefined {
  if (field.input !== undefined) return field.input.screen === screen.id ? person(field) : undefined
  const [first, ...more] = id === screen.id ? field.constants : []
  return more.length > 0 || screen.pulls.length > 0 ? first : undefined
}

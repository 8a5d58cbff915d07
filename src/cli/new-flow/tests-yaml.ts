import type { Json, JsonObject } from '../../plugin/json.ts'
import type { WalkStep } from './walk-through.ts'
import type { Page } from './yaml-page.ts'

/**
 * The page of tests: one walk, which submits the form or not, on a day from which its answers count. `expected` is what the
 * mapping makes of its answers, if anything.
 */
export function testsPage(name: string, walk: readonly WalkStep[], today: string, expected: JsonObject): Page {
  const submits = walk.some((step) => step.submits === true)
  const holdsDays = /"\d{4}-\d{2}-\d{2}"/u.test(JSON.stringify(walk))
  const test: JsonObject = {
    name: submits ? 'somebody answers everything and sends the form' : 'somebody goes as far as a test can',
    ...(holdsDays ? { today } : {}),
    steps: walk.map(stepOf),
    ...(submits && Object.keys(expected).length > 0 ? { expect: expected } : {}),
  }
  return { head: [`Run by: npx flowgate test ${name}`], content: { tests: [test] }, remarks: [] }
}

function stepOf({ screen, fill, select, reopen, leadsTo }: WalkStep): JsonObject {
  const entries: (readonly [string, Json | undefined])[] = [
    ['screen', screen],
    ['fill', fill],
    ['select', select],
    ['reopen', reopen],
    ['then', leadsTo],
  ]
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])))
}

import assert from 'node:assert/strict'
import { run } from './terminal.ts'
import { visitConfiguration } from './visit-configuration.ts'

/** One result as `flowgate test --json` prints it. */
interface Ran {
  readonly flow: string
  readonly name: string
  readonly problems: readonly string[]
}

/** Runs `flowgate test` with these tests of the flow `visit`; each result as it is printed with `--json`. */
export async function testing(testsYaml: string, more: Readonly<Record<string, string>> = {}): Promise<readonly Ran[]> {
  const folder = visitConfiguration({ 'flows/visit/tests.yaml': testsYaml, ...more })
  const ran = await run(['test', '--config', folder, '--json'])
  assert.notEqual(ran.code, 2, ran.err)
  return (JSON.parse(ran.out) as { tests: readonly Ran[] }).tests
}

/** The problems of one test with these steps and keys; sources answer unless the test says otherwise. */
export async function problemsOf(steps: string, keys = ''): Promise<readonly string[]> {
  const [result] = await testing(`
sources:
  calendar: { free_slots: [{ id: nine, title: "09:00" }, { id: ten, title: "10:00" }] }
tests:
  - name: a visit
${keys.replace(/^/gm, '    ')}
    steps:
${steps.trim().replace(/^/gm, '      ')}
`)
  return result?.problems ?? ['it did not run']
}

/** A department is selected, so that there are times. */
export const START = '- { screen: START, select: { department: sales }, then: START }'
/** And a time is chosen. */
export const WHO = `${START}
- { screen: START, fill: { slot: nine }, then: WHO }`

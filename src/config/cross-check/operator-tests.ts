import { didYouMean } from '../../value/nearest.ts'
import type { Path, Report } from '../issue.ts'
import type { TestsFile } from '../schema/tests.ts'
import type { FlowParts, MappingParts } from './parts.ts'
import { fieldNames } from './references.ts'

/** How a step says that the form is finished. */
const SUBMITTED = 'submitted'

/** The operator's own tests must speak of screens, fields and deliveries that exist. */
export function checkOperatorTests(
  file: TestsFile,
  parts: FlowParts,
  mapping: MappingParts | undefined,
  report: Report,
): void {
  const screens = [...new Set([...parts.flow.flowJson.screens.keys(), ...Object.keys(parts.file.screens)])]
  const sent = [...parts.flow.flowJson.screens.values()].flatMap(({ payloadKeys }) => [...payloadKeys])
  const fields = new Set([...fieldNames(parts), ...sent])
  const items = [...(mapping?.file.records ?? []), ...(mapping?.file.notifications ?? [])].map(({ id }) => id)
  const check = (name: string, known: Iterable<string>, what: string, path: Path, atKey = false): void => {
    const names = [...known]
    if (names.includes(name)) return
    const message = `there is no ${what} \`${name}\`${didYouMean(name, names)}`
    report({ severity: 'error', path, code: 'FG_CONFIG_TEST', message, atKey })
  }
  for (const [index, test] of file.tests.entries()) {
    const at = ['tests', index]
    for (const [step, { screen, fill, then }] of test.steps.entries()) {
      check(screen, screens, 'screen', [...at, 'steps', step, 'screen'])
      check(then, [...screens, SUBMITTED], 'screen', [...at, 'steps', step, 'then'])
      for (const name of Object.keys(fill ?? {}))
        check(name, fields, 'field', [...at, 'steps', step, 'fill', name], true)
    }
    // An id that is taken twice is told already, and what is expected here may be what the second should be named.
    for (const id of new Set(items).size < items.length ? [] : Object.keys(test.expect ?? {})) {
      check(id, items, 'record or notification', [...at, 'expect', id], true)
    }
  }
}

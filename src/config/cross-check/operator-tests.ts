import { didYouMean } from '../../value/nearest.ts'
import { SNACKBAR_KEY } from '../../whatsapp/data-check.ts'
import type { Path, Report } from '../issue.ts'
import type { FlowTest, TestsFile } from '../schema/tests.ts'
import { notificationsIn, recordsIn } from './mapping-items.ts'
import type { FlowParts, MappingParts } from './parts.ts'
import { fieldNames } from './references.ts'
import type { KnownSources } from './sources.ts'

/** How a step says that the form is finished. */
const SUBMITTED = 'submitted'

/** What the tests of a flow may name. */
interface Known {
  readonly parts: FlowParts
  readonly mapping: MappingParts | undefined
  /** `undefined` where `destinations.yaml` cannot be read. */
  readonly sources: KnownSources | undefined
  readonly check: Check
}

/** Reports a name that is none of those there are. */
type Check = (name: string, known: Iterable<string>, what: string, path: Path, atKey?: boolean) => void

/** The operator's own tests must speak of screens, fields, sources and deliveries that exist. */
export function checkOperatorTests(
  file: TestsFile,
  parts: FlowParts,
  mapping: MappingParts | undefined,
  sources: KnownSources | undefined,
  report: Report,
): void {
  const check: Check = (name, known, what, path, atKey = false) => {
    const names = [...known]
    if (names.includes(name)) return
    const message = `there is no ${what} \`${name}\`${didYouMean(name, names)}`
    report({ severity: 'error', path, code: 'FG_CONFIG_TEST', message, atKey })
  }
  const known: Known = { parts, mapping, sources, check }
  checkSources(file.sources, ['sources'], known)
  for (const [index, test] of file.tests.entries()) checkTest(test, ['tests', index], known, report)
}

function checkTest(test: FlowTest, at: Path, known: Known, report: Report): void {
  const { parts, mapping, check } = known
  checkSources(test.sources, [...at, 'sources'], known)
  if (test.variant !== undefined) {
    const variants = parts.flow.variants.map(({ name }) => name)
    check(test.variant, variants, 'variant', [...at, 'variant'])
  }
  if (test.today !== undefined && !isDay(test.today)) {
    const message = `there is no day \`${test.today}\``
    report({ severity: 'error', path: [...at, 'today'], code: 'FG_CONFIG_TEST', message })
  }
  const reservations = [...parts.flow.screens.values()].flatMap(({ reserves }) => [...reserves.keys()])
  for (const name of Object.keys(test.reserved ?? {})) {
    check(name, reservations, 'reservation', [...at, 'reserved', name], true)
  }
  for (const [index, step] of test.steps.entries()) {
    const place = [...at, 'steps', index]
    const wrong = formFault(step)
    if (wrong !== undefined) report({ severity: 'error', path: place, code: 'FG_CONFIG_TEST', message: wrong })
    checkStep(step, place, known)
    checkSources(step.sources, [...place, 'sources'], known)
  }
  const items = mapping === undefined ? [] : [...recordsIn(mapping.file), ...notificationsIn(mapping.file)]
  const ids = items.map(({ raw }) => raw.id)
  // An id that is taken twice is told already, and what is expected here may be what the second should be named.
  for (const id of new Set(ids).size < ids.length ? [] : Object.keys(test.expect ?? {})) {
    check(id, ids, 'record or notification', [...at, 'expect', id], true)
  }
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

type Step = FlowTest['steps'][number]

function formFault({ screen, fill, select, back, reopen }: Step): string | undefined {
  const ways = [fill, select, back, reopen].filter((way) => way !== undefined)
  if (ways.length > 1) return 'a step does one thing: fill, select, back or reopen'
  return screen === undefined && reopen === undefined ? 'a step names the screen the person is on' : undefined
}

function checkStep(step: Step, at: Path, { parts, check }: Known): void {
  const { flowJson } = parts.flow
  const screens = [...new Set([...flowJson.screens.keys(), ...Object.keys(parts.file.screens)])]
  const { screen, fill = {}, select = {}, then, shows = {} } = step
  if (screen !== undefined) check(screen, screens, 'screen', [...at, 'screen'])
  check(then, [...screens, SUBMITTED], 'screen', [...at, 'then'])
  const sent = [...flowJson.screens.values()].flatMap(({ payloadKeys }) => [...payloadKeys])
  const fields = new Set([...fieldNames(parts), ...sent])
  const here = flowJson.screens.get(screen ?? '')
  for (const name of Object.keys(fill)) {
    const unsent = here?.asksEndpoint === false && here.inputs.has(name)
    const what = unsent ? `field of \`${screen}\`, which does not ask the gateway, by the name` : 'field'
    check(name, fields, what, [...at, 'fill', name], true)
  }
  const own = here?.payloadKeys ?? new Set(sent)
  for (const name of Object.keys(select)) check(name, own, 'payload key', [...at, 'select', name], true)
  const shown = flowJson.screens.get(then)?.dataKeys
  if (shown === undefined) return
  for (const name of Object.keys(shows)) check(name, [...shown, SNACKBAR_KEY], 'data key', [...at, 'shows', name], true)
}

function checkSources(said: TestsFile['sources'], at: Path, { sources, check }: Known): void {
  if (sources === undefined) return
  for (const [name, queries] of Object.entries(said ?? {})) {
    check(name, sources.keys(), 'source', [...at, name], true)
    const facts = sources.get(name)?.queries
    if (facts === undefined) continue
    const names = facts.map((query) => query.name)
    for (const query of Object.keys(queries)) check(query, names, 'query', [...at, name, query], true)
  }
}

import { formatIssue } from '../../config/format-issue.ts'
import { CommandError } from '../outcome.ts'
import type { Kinds } from './chosen-targets.ts'
import type { Draft } from './draft.ts'
import { flowPage, type Named } from './flow-yaml.ts'
import { draftMapping, type Targets } from './mapping-yaml.ts'
import { proveFlow } from './prove-flow.ts'
import type { FlowTexts } from './save-flow.ts'
import { testsPage } from './tests-yaml.ts'
import { onlyOpened, type WalkStep } from './walk-through.ts'
import { type Page, yamlText } from './yaml-page.ts'

/** What the files of a new flow are made of. */
export interface Material {
  readonly draft: Draft
  readonly named: Named
  /** The Flow JSON as it is to be written. */
  readonly flowJson: string
  readonly targets: Targets
  readonly kinds: Kinds
  /** The line by which editors know a file, where the configuration brings its schemas along. */
  schemaLine(file: 'flow' | 'mapping' | 'tests'): readonly string[]
  readonly now: Date
}

/**
 * The files of a new flow, checked and tested. A walk that does not come through is cut before the step that fails, and
 * `notes` say why. Throws a CommandError where the files would not pass `flowgate check`.
 */
export async function provenTexts(
  material: Material,
): Promise<{ readonly texts: FlowTexts; readonly notes: readonly string[] }> {
  const { draft, named, kinds, now } = material
  let { walk } = draft
  const notes: string[] = []
  for (;;) {
    const texts = textsOf(material, walk)
    const { issues, problems } = await proveFlow(named.name, texts, kinds, now)
    const errors = issues.filter(({ severity }) => severity === 'error')
    if (errors.length > 0) {
      const message = `Nothing was written: what can be guessed from this Flow JSON would not pass "flowgate check".`
      throw new CommandError('FG_CLI_NEW_FLOW', [message, ...errors.map(formatIssue)].join('\n'))
    }
    if (problems.length === 0 || isOnlyOpened(walk)) return { texts, notes: [...notes, ...problems] }
    if (notes.length === 0) notes.push(`The test in tests.yaml is cut short. The whole way: ${problems.join('; ')}.`)
    walk = walk.length > 1 ? walk.slice(0, -1) : onlyOpened(draft.firstScreen)
  }
}

function isOnlyOpened(walk: readonly WalkStep[]): boolean {
  return walk.every(({ reopen }) => reopen === true)
}

function textsOf({ draft, named, flowJson, targets, schemaLine, now }: Material, walk: readonly WalkStep[]): FlowTexts {
  const mapping = draftMapping(draft, named.title, targets)
  const today = now.toISOString().slice(0, 10)
  const write = (file: 'flow' | 'mapping' | 'tests', page: Page): string =>
    yamlText({ ...page, head: [...schemaLine(file), ...page.head] })
  return {
    'flow.json': flowJson,
    'flow.yaml': write('flow', flowPage(draft, named)),
    'mapping.yaml': write('mapping', mapping.page),
    'tests.yaml': write('tests', testsPage(named.name, walk, today, mapping.expected(walk))),
  }
}

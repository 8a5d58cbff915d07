import type { FlowVersion, SourceSettings } from '../../config/configuration.ts'
import type { FlowTest } from '../../config/schema/tests.ts'
import type { FlowOnPhone } from '../simulator/flow-on-phone.ts'
import { momentOn } from './day-of-test.ts'
import { differences, heldDifferences } from './expectation.ts'
import { mapSession } from './mapped.ts'
import type { OfflineSources } from './offline-sources.ts'
import { type Played, playTest } from './play.ts'
import { createToldAsking } from './told-asking.ts'

/** What a test runs against. */
export interface TestStage {
  readonly version: Pick<FlowVersion, 'flow' | 'mapping'>
  /** The Flow JSON of that version, read as a phone reads it. */
  readonly phone: FlowOnPhone
  readonly sources: ReadonlyMap<string, SourceSettings>
  readonly offline: Pick<OfflineSources, 'read'>
  readonly now: Date
}

/** Runs one test: the steps, then the mapping, then what it expects of them. Reaches nobody, writes nothing. Gives what is wrong. */
export async function runTest(test: FlowTest, stage: TestStage): Promise<readonly string[]> {
  const { version, phone, sources, offline } = stage
  const { flow } = version
  const asking = createToldAsking(sources, offline)
  const played = await playTest(test, { flow, phone, asking, now: momentOn(flow, test.today, stage.now) })
  if (played.problems.length > 0) return played.problems
  const held = heldDifferences(test.reserved ?? {}, played.held)
  return [...held, ...(await mappedProblems(test, version, played))]
}

async function mappedProblems(
  { expect }: FlowTest,
  { flow, mapping }: TestStage['version'],
  { ended }: Played,
): Promise<readonly string[]> {
  const expecting = expect !== undefined
  if (ended === undefined)
    return expecting ? ['it expects records, but its steps neither submit the form nor hand the person over'] : []
  if (mapping === undefined) return expecting ? ['it expects records, but the flow has no mapping.yaml'] : []
  const mapped = await mapSession(flow, mapping, ended.session, ended.occasion)
  return [...mapped.problems, ...differences(expect ?? {}, mapped.items)]
}

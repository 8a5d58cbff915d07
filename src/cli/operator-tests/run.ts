import type { ConfiguredFlow } from '../../config/configuration.ts'
import type { FlowTest } from '../../config/schema/tests.ts'
import { differences } from './expectation.ts'
import { mapSession } from './mapped.ts'
import { playTest } from './play.ts'

/** What one of an operator's tests came to. It passed when there are no problems. */
export interface TestResult {
  readonly flow: string
  readonly name: string
  readonly problems: readonly string[]
}

/** Runs one test: the steps, then the mapping, then what it expects of them. Reaches no vendor, writes nothing. */
export async function runTest({ flow, mapping }: ConfiguredFlow, test: FlowTest, now: Date): Promise<TestResult> {
  const { submitted, problems } = await playTest(flow, test, now)
  const result = (more: readonly string[]) => ({ flow: flow.name, name: test.name, problems: [...problems, ...more] })
  if (problems.length > 0) return result([])
  if (!submitted)
    return result(test.expect ? ['it expects records, but its steps do not end with "then: submitted"'] : [])
  if (!mapping) return result(test.expect ? ['it expects records, but the flow has no mapping.yaml'] : [])
  const mapped = await mapSession(flow, mapping, submitted, 'submitted')
  return result([...mapped.problems, ...differences(test.expect ?? {}, mapped.items)])
}

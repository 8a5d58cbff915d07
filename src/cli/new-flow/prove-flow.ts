import type { Issue } from '../../config/issue.ts'
import { loadFlows } from '../../config/load-flows.ts'
import { parseJson, parseYaml } from '../../config/source-file.ts'
import { runTest } from '../operator-tests/run.ts'
import { readFlowOnPhone } from '../simulator/flow-on-phone.ts'
import type { Kinds } from './chosen-targets.ts'
import type { FlowTexts } from './save-flow.ts'

/** What `flowgate check` and `flowgate test` would say of a flow that is not written yet. */
export interface Proof {
  readonly issues: readonly Issue[]
  /** What is wrong with its tests. Empty where there are errors: then nothing was tested. */
  readonly problems: readonly string[]
}

/** Checks and tests the files of a flow that asks no source. */
export async function proveFlow(name: string, texts: FlowTexts, kinds: Kinds, now: Date): Promise<Proof> {
  const issues: Issue[] = []
  const add = (issue: Issue): void => {
    issues.push(issue)
  }
  const yaml = (file: keyof FlowTexts) => parseYaml(`flows/${name}/${file}`, texts[file], add)
  const flowJson = parseJson(`flows/${name}/flow.json`, texts['flow.json'], add)
  const files = {
    folder: name,
    flowJson,
    flow: yaml('flow.yaml'),
    mapping: yaml('mapping.yaml'),
    tests: yaml('tests.yaml'),
    images: new Map<string, string>(),
  }
  const configured = (await loadFlows([files], { kinds, sources: undefined }, add)).get(name)
  if (configured === undefined || issues.some(({ severity }) => severity === 'error')) return { issues, problems: [] }
  const phone = readFlowOnPhone(flowJson.data)
  const offline = { read: () => Promise.resolve(undefined) }
  const stage = { version: configured, phone, sources: new Map(), offline, now }
  const problems: string[] = []
  for (const test of configured.tests) problems.push(...(await runTest(test, stage)))
  return { issues, problems }
}

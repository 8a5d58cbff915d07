import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Configuration, ConfiguredFlow, FlowVersion } from '../config/configuration.ts'
import { type ConfigOption, configurationFolder, configurationWithoutSecrets } from './configuration.ts'
import { createOfflineSources } from './operator-tests/offline-sources.ts'
import { runTest, type TestStage } from './operator-tests/run.ts'
import { CommandError, type Outcome } from './outcome.ts'
import { readJsonFile } from './read-file.ts'
import { type FlowOnPhone, readFlowOnPhone } from './simulator/flow-on-phone.ts'

/** What one of an operator's tests came to. It passed when there are no problems. */
interface TestResult {
  /** `flow`, or `flow@version` where it has more than one. */
  readonly flow: string
  readonly name: string
  readonly problems: readonly string[]
}

/** Runs the tests of one flow or of all, in every version; not ok where any has a problem. */
export async function testFlows(
  name: string | undefined,
  options: ConfigOption,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Outcome> {
  const configuration = await configurationWithoutSecrets(options, env)
  const folder = configurationFolder(options, env)
  const results: TestResult[] = []
  const offline = createOfflineSources(configuration, folder)
  try {
    const stage = { sources: configuration.sources, offline, now: new Date() }
    for (const configured of chosen(configuration, name)) {
      results.push(...(await testFlow(configured, join(folder, 'flows'), stage)))
    }
  } finally {
    await offline.close()
  }
  const failed = results.filter(({ problems }) => problems.length > 0).length
  const tests = results.map((result) => ({ ...result, ok: result.problems.length === 0 }))
  return { ok: failed === 0, text: describe(results, failed), json: { ok: failed === 0, tests } }
}

async function testFlow(
  { versions }: ConfiguredFlow,
  flows: string,
  stage: Omit<TestStage, 'version' | 'phone'>,
): Promise<readonly TestResult[]> {
  const stages = new Map(
    Array.from(versions, ([name, version]) => [name, { ...stage, version, phone: phoneOf(version, flows) }]),
  )
  const results: TestResult[] = []
  for (const [own, { flow, tests }] of versions) {
    for (const test of tests) {
      const played = stages.get(test.version ?? own)
      // Checking the configuration has refused versions that are not there.
      if (played === undefined) continue
      const named = versions.size === 1 ? flow.name : `${flow.name}@${played.version.flow.version}`
      results.push({ flow: named, name: test.name, problems: await runTest(test, played) })
    }
  }
  return results
}

/** An older version lies in a folder that names it; the newest may. */
function phoneOf({ flow }: FlowVersion, flows: string): FlowOnPhone {
  const own = join(flows, `${flow.name}@${flow.version}`, 'flow.json')
  return readFlowOnPhone(readJsonFile(existsSync(own) ? own : join(flows, flow.name, 'flow.json')))
}

function chosen(configuration: Configuration, name: string | undefined) {
  if (name === undefined) return [...configuration.flows.values()]
  const flow = configuration.flows.get(name)
  if (flow) return [flow]
  const known = [...configuration.flows.keys()].join(', ')
  throw new CommandError('FG_CLI_FLOW', `There is no flow "${name}" in the configuration. It has: ${known}.`)
}

function describe(results: readonly TestResult[], failed: number): string {
  if (results.length === 0) return 'No tests: write some into tests.yaml beside flow.yaml.'
  const lines = results.map(({ flow, name, problems }) => {
    const mark = problems.length === 0 ? '✓' : '✗'
    return [`${mark} ${flow}: ${name}`, ...problems.map((problem) => `    ${problem}`)].join('\n')
  })
  const verdict = failed === 0 ? `${results.length} passed.` : `${failed} of ${results.length} failed.`
  return [...lines, verdict].join('\n')
}

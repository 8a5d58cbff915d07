import type { Configuration } from '../config/configuration.ts'
import { type ConfigOption, configurationWithoutSecrets } from './configuration.ts'
import { runTest, type TestResult } from './operator-tests/run.ts'
import { CommandError, type Outcome } from './outcome.ts'

/** Runs the tests of one flow or of all; not ok where any has a problem. */
export async function testFlows(
  name: string | undefined,
  options: ConfigOption,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Outcome> {
  const configuration = await configurationWithoutSecrets(options, env)
  const results: TestResult[] = []
  const now = new Date()
  for (const configured of chosen(configuration, name)) {
    for (const test of configured.tests) results.push(await runTest(configured, test, now))
  }
  const failed = results.filter(({ problems }) => problems.length > 0).length
  const tests = results.map((result) => ({ ...result, ok: result.problems.length === 0 }))
  return { ok: failed === 0, text: describe(results, failed), json: { ok: failed === 0, tests } }
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

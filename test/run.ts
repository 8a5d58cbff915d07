/**
 * `npm test`: types, lint, dead code, then every test on a PostgreSQL of its own, with coverage floors.
 * `node test/run.ts test/value` runs the tests of a part, without the rest.
 */

import { checkFloors } from './support/coverage-floors.ts'
import { startTestServer } from './support/server.ts'
import { runStaticChecks } from './support/static-checks.ts'
import { findTestFiles } from './support/test-files.ts'
import { runTests } from './support/test-runner.ts'

const paths = process.argv.slice(2)
const everything = paths.length === 0
const problems: string[] = []

const stopped = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort())

if (everything) problems.push(...(await runStaticChecks()))

const files = findTestFiles(paths)
const server = process.env['TEST_POSTGRES_URL'] === undefined ? await startTestServer() : undefined
if (server !== undefined) process.env['TEST_POSTGRES_URL'] = server.url
const { counts, coverage, empty, unended } = await runTests(files, stopped).finally(() => server?.stop())

if (stopped.signal.aborted) problems.push(`stopped before the end of ${unended.join(', ') || 'all'}`)
if (counts.fail > 0) problems.push(`${counts.fail} tests failed`)
if (counts.pass === 0) problems.push('no test ran')
for (const file of empty) problems.push(`no test ran in ${file}`)
if (counts.skipped > 0) problems.push(`${counts.skipped} tests were skipped: a test that does not run proves nothing`)
if (everything) problems.push(...checkFloors(coverage))

for (const [name, count] of Object.entries(counts)) console.log(`${name} ${count}`)
for (const problem of problems) console.log(`✖ ${problem}`)
console.log(problems.length === 0 ? '✔ all good' : `✖ not good: ${problems.length} of the above`)
process.exitCode = problems.length === 0 ? 0 : 1

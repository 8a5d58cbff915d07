import { availableParallelism } from 'node:os'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import type { FileCoverage } from './coverage-floors.ts'

/** A file that neither ends nor fails by then holds something open, and fails. */
const FILE_MAY_TAKE_MS = 300_000

export interface TestRun {
  readonly counts: { readonly tests: number; readonly pass: number; readonly fail: number; readonly skipped: number }
  readonly coverage: readonly FileCoverage[]
  /** Files in which no test ran. */
  readonly empty: readonly string[]
}

/** Runs test files, each in a process of its own and as many at once as there are cores, and prints how they fare. */
export async function runTests(files: readonly string[], { signal }: { signal: AbortSignal }): Promise<TestRun> {
  let counts = { tests: 0, pass: 0, fail: 0, skipped: 0 }
  let coverage: readonly FileCoverage[] = []
  const events = run({
    files,
    concurrency: Math.max(2, availableParallelism()),
    timeout: FILE_MAY_TAKE_MS,
    signal,
    coverage: true,
    coverageIncludeGlobs: ['src/**/*.ts', 'plugins/**/*.ts'],
  })
  const empty: string[] = []
  const report = new spec()
  report.pipe(process.stdout)
  for await (const event of events) {
    if (event.type === 'test:coverage') {
      coverage = event.data.summary.files
      continue
    }
    // A file with tests is not reported itself; one without is, by its name, as a test that passed.
    if (event.type === 'test:pass' && event.data.nesting === 0 && files.includes(event.data.name))
      empty.push(event.data.name)
    // Each file reports its own sum as well; the one without a file is of all of them.
    if (event.type === 'test:summary' && event.data.file === undefined) {
      const { tests, passed, failed, cancelled, skipped, todo } = event.data.counts
      counts = { tests, pass: passed, fail: failed + cancelled, skipped: skipped + todo }
    }
    report.write(event)
  }
  await new Promise<void>((settle) => report.end(settle))
  return { counts, coverage, empty }
}

import { availableParallelism } from 'node:os'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import type { FileCoverage } from './coverage-floors.ts'

const TEST_MAY_TAKE_MS = 240_000

/** A file whose process has not ended by then holds something open: it is named, and the run ends. */
const FILE_MAY_TAKE_MS = 300_000

export interface TestRun {
  readonly counts: { readonly tests: number; readonly pass: number; readonly fail: number; readonly skipped: number }
  readonly coverage: readonly FileCoverage[]
  /** Files in which no test ran. */
  readonly empty: readonly string[]
  /** Files that were still running when the run was ended. */
  readonly unended: readonly string[]
}

/** Runs test files, each in a process of its own and as many at once as there are cores, and prints how they fare. */
export async function runTests(files: readonly string[], stopped: AbortController): Promise<TestRun> {
  let counts = { tests: 0, pass: 0, fail: 0, skipped: 0 }
  let coverage: readonly FileCoverage[] = []
  let unended: readonly string[] = []
  const empty: string[] = []
  const running = new Map<string, number>()
  stopped.signal.addEventListener('abort', () => {
    unended = [...running.keys()]
  })
  const watch = setInterval(() => {
    if ([...running.values()].some((since) => performance.now() - since > FILE_MAY_TAKE_MS)) stopped.abort()
  }, 1_000)
  const report = new spec()
  report.pipe(process.stdout)
  const events = run({
    files,
    concurrency: Math.max(2, availableParallelism()),
    timeout: TEST_MAY_TAKE_MS,
    signal: stopped.signal,
    coverage: true,
    coverageIncludeGlobs: ['src/**/*.ts', 'plugins/**/*.ts'],
  })
  for await (const event of events) {
    if (event.type === 'test:coverage') {
      coverage = event.data.summary.files
      continue
    }
    const file = 'name' in event.data && files.includes(event.data.name) ? event.data.name : undefined
    if (file !== undefined) {
      if (event.type === 'test:dequeue') running.set(file, performance.now())
      if (event.type === 'test:complete') running.delete(file)
      // A file with tests is not reported itself; one without is, by its name, as a test that passed.
      if (event.type === 'test:pass') empty.push(file)
    }
    // Each file reports its own sum as well; the one without a file is of all of them.
    if (event.type === 'test:summary' && event.data.file === undefined) {
      const { tests, passed, failed, cancelled, skipped, todo } = event.data.counts
      counts = { tests, pass: passed, fail: failed + cancelled, skipped: skipped + todo }
    }
    report.write(event)
  }
  clearInterval(watch)
  await new Promise<void>((settle) => report.end(settle))
  return { counts, coverage, empty, unended }
}

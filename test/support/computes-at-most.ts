import assert from 'node:assert/strict'

/** As often at most; with what holds by a wide margin, once is nearly always enough. */
const ROUNDS = 8
/** The reference is small, so it is run more often: the first time it is not even compiled. */
const REFERENCES_A_ROUND = 2

export interface Compared {
  /** What is judged. It may resolve later, as long as nothing but this thread is waited for. */
  readonly work: () => unknown
  /** What is known to be quick, and small beside anything that would be too slow. */
  readonly reference: () => unknown
  /** How many milliseconds the work may compute where the reference computes so many. */
  readonly most: (referenceMs: number) => number
}

/**
 * Asserts that a piece of work is quick beside another one, both measured in this thread and in turn. The quickest run of
 * each counts: whatever else the machine does can only make one slower, and it does not keep doing so for all of them.
 */
export async function computesAtMost({ work, reference, most }: Compared, what = 'it'): Promise<void> {
  let workMs = Number.POSITIVE_INFINITY
  let referenceMs = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let time = 0; time < REFERENCES_A_ROUND; time += 1) {
      const { elapsedMs } = await measured(reference)
      referenceMs = Math.min(referenceMs, elapsedMs)
    }
    const { elapsedMs, computedMs } = await measured(work)
    workMs = Math.min(workMs, elapsedMs, computedMs)
    if (workMs <= most(referenceMs)) return
  }
  assert.fail(`${what} computed ${workMs.toFixed(1)} ms at best, where ${most(referenceMs).toFixed(1)} ms were allowed`)
}

const LONG = 40_000
const SHORT = 200
/** What takes the square of the length is 200 times as slow. */
const ALLOWED_TIMES = 20
/** Where nothing is read at all, there is nothing to compare with. */
const ALLOWED_ANYWAY_MS = 10

/**
 * Asserts that what is done with a text takes time that grows with its length and no more: a very long one is no slower than
 * as many characters in short ones, by far. `textOf` makes a text of about so many characters.
 */
export async function growsWithLength(
  textOf: (length: number) => string,
  read: (text: string) => unknown,
  what = textOf(10),
): Promise<void> {
  const [long, short] = [textOf(LONG), textOf(SHORT)]
  const reference = () => {
    for (let index = 0; index < LONG / SHORT; index += 1) read(short)
  }
  await computesAtMost(
    { work: () => read(long), reference, most: (ms) => ALLOWED_ANYWAY_MS + ALLOWED_TIMES * ms },
    what,
  )
}

/** By the clock, which is exact, and by what this thread computed, which leaves others out but counts in steps of up to 10 ms. */
async function measured(work: () => unknown): Promise<{ readonly elapsedMs: number; readonly computedMs: number }> {
  const [from, before] = [performance.now(), process.threadCpuUsage()]
  await work()
  const elapsedMs = performance.now() - from
  const { user, system } = process.threadCpuUsage(before)
  return { elapsedMs, computedMs: (user + system) / 1_000 }
}

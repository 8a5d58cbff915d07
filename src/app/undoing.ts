import type { Log } from '../log.ts'

/** From the signal to the exit, with room for closing what is left; a container is usually killed after 25 or 30 s. */
const STOP_WITHIN_MS = 18_000

/** Steps that take a process down again: in reverse order, each once, whatever the others do. */
export class Undoing {
  readonly #steps: ((leftMs: number) => Promise<unknown>)[] = []

  /** A step is told how long all that is left may take. */
  add(step: (leftMs: number) => Promise<unknown>): void {
    this.#steps.unshift(step)
  }

  async run(log: Log): Promise<void> {
    const deadline = performance.now() + STOP_WITHIN_MS
    for (const step of this.#steps.splice(0)) {
      await step(Math.max(0, deadline - performance.now())).catch((error: unknown) =>
        log.error({ error }, 'stop.failed'),
      )
    }
  }
}

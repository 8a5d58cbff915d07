/** Answers that are good for a while, at most so many; what was kept longest goes first. */
export class Kept<Answer> {
  readonly #answers = new Map<string, { readonly answer: Answer; readonly until: number }>()
  readonly #forMs: number
  readonly #most: number
  readonly #now: () => Date

  constructor(limits: { readonly forMs: number; readonly most: number }, now: () => Date) {
    this.#forMs = limits.forMs
    this.#most = limits.most
    this.#now = now
  }

  get(key: string): Answer | undefined {
    const kept = this.#answers.get(key)
    return kept === undefined || kept.until <= this.#now().getTime() ? undefined : kept.answer
  }

  keep(key: string, answer: Answer): void {
    this.#answers.delete(key)
    this.#answers.set(key, { answer, until: this.#now().getTime() + this.#forMs })
    const [oldest] = this.#answers.keys()
    if (this.#answers.size > this.#most && oldest !== undefined) this.#answers.delete(oldest)
  }
}

import { CommandError } from '../outcome.ts'

/** Reads one text from left to right and says where in it something is wrong. */
export class Scanner {
  readonly #text: string
  readonly #place: string
  #at = 0

  /** `place` is what messages call the text. */
  constructor(text: string, place: string) {
    this.#text = text
    this.#place = place
  }

  /** The next character that is no blank, or empty text at the end. */
  peek(): string {
    while (/\s/u.test(this.#text.charAt(this.#at))) this.#at += 1
    return this.#text.charAt(this.#at)
  }

  /** Where the next character that is no blank stands. */
  position(): number {
    this.peek()
    return this.#at
  }

  /** Passes over this character where it comes next, and says whether it did. */
  take(character: string): boolean {
    if (this.peek() !== character) return false
    this.#at += 1
    return true
  }

  /** The text up to the first of these characters or the end, without blanks around it. */
  until(stops: string): string {
    const start = this.position()
    while (this.#at < this.#text.length && !stops.includes(this.#text.charAt(this.#at))) this.#at += 1
    return this.#text.slice(start, this.#at).trim()
  }

  /** The text in single or double quotes that comes next, if one does; `\` lets a quote stand inside. */
  quoted(): string | undefined {
    const quote = this.peek()
    if (quote !== '"' && quote !== "'") return undefined
    const start = this.#at
    let text = ''
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text.charAt(this.#at)
      if (character === quote) {
        this.#at += 1
        return text.trim()
      }
      if (character === '\\') this.#at += 1
      text += this.#text.charAt(this.#at)
    }
    return this.fail(start, `this ${quote} is never closed`)
  }

  /** Says what is wrong at a position: with the text, and a mark below the character. Exit code 2. */
  fail(at: number, message: string): never {
    const line = this.#text.replace(/\s/gu, ' ')
    const mark = `${' '.repeat(at)}^`
    throw new CommandError('FG_CLI_FIELDS', `${this.#place}, character ${at + 1}: ${message}\n  ${line}\n  ${mark}`)
  }
}

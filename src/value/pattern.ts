import { RE2JS } from 're2js'
import type { Path, Report } from '../config/issue.ts'
import { computedMs } from './computed-ms.ts'

/** A regular expression on RE2: its time grows with the text alone, whatever the pattern. */
export interface Pattern {
  /** Whether the pattern is found anywhere in the text; write `^…$` for the whole text. False for a text too long to try. */
  test(text: string): boolean
  /** The pieces between the matches, empty ones included. A text too long to try stays whole. */
  split(text: string): readonly string[]
}

/** Larger programs come from counted repetitions such as `.{1,1000}`; measured, a step costs up to 16 ns per character. */
const LARGEST_PROGRAM = 2000
/** Characters times program size: about 17 ms at worst. */
const MOST_WORK = 1_000_000
/** One search inside an expression, all its matches together, in milliseconds of computing. */
const LONGEST_SEARCH_MS = 100

const NEVER: Pattern = { test: () => false, split: (text) => [text] }

/** Compiles an operator's pattern. A bad one is reported and never matches. */
export function compilePattern(text: string, report: Report, path: Path): Pattern {
  try {
    const program = compile(text, 0)
    return {
      test: (subject) => fits(program, subject) && program.test(subject),
      split: (subject) => (fits(program, subject) ? program.split(subject, -1) : [subject]),
    }
  } catch (error) {
    report({ severity: 'error', path, code: 'FG_CONFIG_PATTERN', message: patternFault(text, error) })
    return NEVER
  }
}

/** What is wrong with a regular expression inside an expression, or `undefined`. */
export function regexFault(regex: RegExp): string | undefined {
  try {
    compile(RE2JS.translateRegExp(regex), flagsOf(regex))
    return undefined
  } catch (error) {
    return patternFault(regex.source, error)
  }
}

const searches = new WeakMap<RegExp, RE2JS>()

/** What the expression engine uses in place of JavaScript's regular expressions. One lives for one evaluation. */
export class SafeRegex {
  lastIndex = 0
  readonly #program: RE2JS
  #until: number | undefined

  constructor(regex: RegExp) {
    const known = searches.get(regex)
    this.#program = known ?? compile(RE2JS.translateRegExp(regex), flagsOf(regex))
    if (known === undefined) searches.set(regex, this.#program)
  }

  /** The next match from `lastIndex` on. Throws when the text is too long for the pattern or the search takes too long. */
  exec(text: string): RegExpExecArray | null {
    // From the first search on, and of computing alone: what a busy machine takes does not count against a pattern.
    this.#until ??= computedMs() + LONGEST_SEARCH_MS
    if (!fits(this.#program, text) || computedMs() > this.#until) throw new PatternLimitError()
    const matcher = this.#program.matcher(text)
    if (!matcher.find(this.lastIndex)) {
      this.lastIndex = 0
      return null
    }
    const groups = Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1) ?? undefined)
    this.lastIndex = matcher.end()
    return Object.assign([matcher.group() ?? '', ...groups], {
      index: matcher.start(),
      input: text,
    }) as RegExpExecArray
  }
}

/** A search that would hold the process: the text is too long for the pattern, or there are too many matches. */
export class PatternLimitError extends Error {
  override readonly name = 'PatternLimitError'
  readonly code = 'PATTERN'
}

function compile(pattern: string, flags: number): RE2JS {
  const program = RE2JS.compile(pattern, flags)
  if (program.programSize() > LARGEST_PROGRAM) throw new RangeError('its counted repetitions make it too large')
  return program
}

function fits(program: RE2JS, text: string): boolean {
  return text.length * program.programSize() <= MOST_WORK
}

function flagsOf(regex: RegExp): number {
  return (regex.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (regex.multiline ? RE2JS.MULTILINE : 0)
}

const MISSING: readonly (readonly [RegExp, string])[] = [
  [/\(\?<?[=!]/u, 'look-ahead and look-behind are not available: matching must take the same time whatever is typed'],
  [/\\(?:[1-9]|k<)/u, 'back-references are not available: matching must take the same time whatever is typed'],
  [/\(\?>|[*+?}]\+/u, 'atomic groups and possessive quantifiers are not available, and not needed'],
  [/\\u/u, 'write `\\x{00e9}` for `\\u00e9`, or the letter itself'],
  [/\{\d{4,}|\{\d*,\d{4,}/u, 'a repetition counts to 1000 at most, nested ones multiplied'],
]

function patternFault(pattern: string, error: unknown): string {
  const missing = error instanceof RangeError ? undefined : MISSING.find(([sign]) => sign.test(pattern))
  const said = error instanceof Error ? error.message.replace(/^error parsing regexp: /u, '') : ''
  return `\`${pattern}\` is not a pattern of the RE2 kind: ${missing?.[1] ?? said}`
}

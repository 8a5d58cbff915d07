import type { Finding } from '../../src/config/issue.ts'
import { EMPTY_SCOPE, type Scope } from '../../src/value/scope.ts'

/** A scope with what a test needs in it and nothing else. */
export function scopeOf(parts: Partial<Scope> = {}): Scope {
  return { ...EMPTY_SCOPE, ...parts }
}

/** What a compiler reports, kept in order. */
export function findings(): {
  readonly all: Finding[]
  readonly report: (finding: Finding) => void
  messages(): string[]
} {
  const all: Finding[] = []
  return { all, report: (finding) => void all.push(finding), messages: () => all.map(({ message }) => message) }
}

/** A report for what must be without fault. */
export function faultless(finding: Finding): void {
  throw new Error(`${finding.path.join('.')}: ${finding.message}`)
}

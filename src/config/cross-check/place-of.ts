import type { Path } from '../issue.ts'

/** Parts of a directive that hold constants, where a text that looks like a path is none. */
const CONSTANTS = new Set(['value', 'lookup', 'default'])

/** The narrowest place inside `raw` that mentions the path: a key of a condition, a `from`, else a template or expression. */
export function placeOf(reference: string, raw: unknown, at: Path): { readonly path: Path; readonly atKey?: boolean } {
  return (
    find(raw, at, (text) => text === reference) ?? find(raw, at, (text) => mentions(text, reference)) ?? { path: at }
  )
}

function find(
  raw: unknown,
  at: Path,
  matches: (text: string) => boolean,
): { readonly path: Path; readonly atKey?: boolean } | undefined {
  if (typeof raw === 'string') return matches(raw) ? { path: at } : undefined
  if (typeof raw !== 'object' || raw === null) return undefined
  // A way of `choose` holds a value where elsewhere a constant stands.
  const chooses = at.at(-2) === 'choose'
  for (const [key, member] of Object.entries(raw)) {
    const here = [...at, Array.isArray(raw) ? Number(key) : key]
    if (!Array.isArray(raw) && matches(key)) return { path: here, atKey: true }
    const constant = CONSTANTS.has(key) && !(chooses && key === 'value')
    const found = constant ? undefined : find(member, here, matches)
    if (found !== undefined) return found
  }
  return undefined
}

function mentions(text: string, reference: string): boolean {
  const start = text.indexOf(reference)
  return start !== -1 && !/[\w-]/u.test(text.charAt(start + reference.length))
}

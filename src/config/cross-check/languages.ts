import type { Path } from '../issue.ts'
import type { FlowParts } from './parts.ts'
import { writtenInFlow } from './written.ts'

/** One text or value that is written for several languages. */
interface Spoken {
  readonly languages: readonly string[]
  readonly at: Path
}

/**
 * Languages in which most texts of a flow are written, and its own, should have every text: else people who speak them
 * read the first language in the middle of theirs.
 */
export function adviseOnLanguages(parts: FlowParts): void {
  const { file, report } = parts
  const spoken = [...writtenInFlow(parts)].flatMap(({ raw, at, words }) =>
    words ? wordsAt(raw, at) : [...valuesBelow(raw, at)],
  )
  const counts = new Map<string, number>()
  for (const { languages } of spoken) for (const name of languages) counts.set(name, (counts.get(name) ?? 0) + 1)
  const usual = [...counts].filter(([, count]) => count * 2 > spoken.length).map(([name]) => name)
  const wanted = new Set([...(file.language === undefined ? [] : [file.language]), ...usual])
  for (const { languages, at } of spoken) {
    const missing = [...wanted].filter((name) => !languages.some((known) => general(known) === general(name)))
    if (missing.length === 0) continue
    const message = `there is nothing for ${missing.join(', ')} here: people who speak that read ${languages[0]}`
    report({ severity: 'advice', path: at, code: 'FG_CONFIG_LANGUAGE_MISSING', message, atKey: true })
  }
}

/** `pt` of `pt_BR`: a language stands in for the same one of another country. */
function general(language: string): string {
  return language.split('_')[0] ?? language
}

function wordsAt(raw: unknown, at: Path): readonly Spoken[] {
  return typeof raw === 'object' && raw !== null ? [{ languages: Object.keys(raw), at }] : []
}

function* valuesBelow(raw: unknown, at: Path): Generator<Spoken> {
  if (typeof raw !== 'object' || raw === null) return
  for (const [key, member] of Object.entries(raw)) {
    const here = [...at, Array.isArray(raw) ? Number(key) : key]
    if (key === 'by_language' && typeof member === 'object' && member !== null) {
      yield { languages: Object.keys(member), at: here }
    }
    yield* valuesBelow(member, here)
  }
}

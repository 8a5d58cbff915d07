import type { Path } from '../config/issue.ts'
import type { AskFallbackFile, AskFile } from '../config/schema/ask.ts'
import { compileValues, compileWhen, type Workshop } from './compile-values.ts'
import type { Ask, AskFallback } from './model.ts'
import { compileWords } from './words.ts'

/** Makes one question to a source ready to ask. Whether that source has such a query is the cross-check's affair. */
export function compileAsk(name: string, file: AskFile, path: Path, shop: Workshop): Ask {
  const { source, query, take, if_unavailable: declared } = file
  return {
    name,
    source,
    query,
    with: compileValues(file.with ?? {}, [...path, 'with'], shop),
    ...compileWhen(file.when, path, shop),
    take: take ?? 'all',
    ifUnavailable: declared === undefined ? [] : compileFallbacks(declared, [...path, 'if_unavailable'], shop),
  }
}

function compileFallbacks(declared: AskFallbackFile, path: Path, { report }: Workshop): readonly AskFallback[] {
  const list = Array.isArray(declared) ? declared : [declared]
  return list.map((each, index): AskFallback => {
    if (typeof each === 'string') return { kind: each }
    if ('show' in each) return { kind: 'show', screen: each.show }
    const at = Array.isArray(declared) ? [...path, index, 'message'] : [...path, 'message']
    return { kind: 'message', words: compileWords(each.message, at, report) }
  })
}

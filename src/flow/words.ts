import type { Path, Report } from '../config/issue.ts'
import type { WordsFile } from '../config/schema/words.ts'
import { nearestLanguage } from '../value/by-language.ts'
import { FLOW_ROOTS } from '../value/options.ts'
import { type CompiledValue, EMPTY_SCOPE, type Scope } from '../value/scope.ts'
import { compileTemplate } from '../value/template.ts'

/** Words a person reads, in each language there is. */
export interface Words {
  /** Every path their places refer to. */
  readonly paths: readonly string[]
  /** In this language, else in the same one of another country, else in the first. Places that lead nowhere are empty. */
  say(scope: Scope, language: string | undefined): Promise<string>
}

interface Spoken {
  readonly template: CompiledValue
  /** What is left where every place leads nowhere. A person is never told nothing. */
  readonly bare: string
}

function bareOf(text: string): string {
  return text.replaceAll(/\{\{|\}\}|\{[^{}]*\}/gu, (piece) => (piece === '{{' ? '{' : piece === '}}' ? '}' : ''))
}

/** Makes words ready to say. Mistakes in their places are reported. */
export function compileWords(raw: WordsFile, path: Path, report: Report): Words {
  const options = { roots: FLOW_ROOTS }
  const spoken = (text: string, at: Path): Spoken => ({
    template: compileTemplate(text, report, at, options),
    bare: bareOf(text),
  })
  const languages = new Map<string, Spoken>(
    typeof raw === 'string'
      ? [['', spoken(raw, path)]]
      : Object.entries(raw).map(([name, text]) => [name, spoken(text, [...path, name])]),
  )
  return {
    paths: [...languages.values()].flatMap(({ template }) => template.paths),
    async say(scope, language) {
      const spoken = languages.get(nearestLanguage(languages.keys(), language) ?? '')
      const said = await spoken?.template.evaluate(scope)
      return typeof said === 'string' ? said : (spoken?.bare ?? '')
    },
  }
}

/** Words to somebody of whom nothing is known. */
export function sayToStranger(words: Words): Promise<string> {
  return words.say(EMPTY_SCOPE, undefined)
}

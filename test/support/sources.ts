import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Import {
  /** As written, or the file's path from the repository's root where it is one of ours. */
  readonly target: string
  /** Erased before the program runs. */
  readonly typeOnly: boolean
}

export interface Source {
  /** From the repository's root. */
  readonly file: string
  readonly text: string
  readonly lines: number
  readonly imports: readonly Import[]
}

// Biome puts every static import and re-export at the start of a line.
const STATIC = /^(?:import|export)\s+(type\s+)?(?:[\w$*{][^'";]*?\sfrom\s+)?'([^']+)'/gm
const DYNAMIC = /\bimport(?:\.meta\.resolve)?\(\s*[`'"]([^`'"]+)[`'"]/g

/** The TypeScript and JavaScript under a folder, with what each file imports. */
export function readSources(folder: string): readonly Source[] {
  return globSync(`${folder}/**/*.{ts,js}`)
    .sort()
    .map((file) => {
      const text = readFileSync(file, 'utf8')
      return { file, text, lines: text.trimEnd().split('\n').length, imports: importsOf(file, text) }
    })
}

export function importsOf(file: string, text: string): readonly Import[] {
  const resolved = (target: string) => (target.startsWith('.') ? join(dirname(file), target) : target)
  return [
    ...Array.from(text.matchAll(STATIC), ([, type, target = '']) => ({
      target: resolved(target),
      typeOnly: type !== undefined,
    })),
    ...Array.from(text.matchAll(DYNAMIC), ([, target = '']) => ({ target: resolved(target), typeOnly: false })),
  ]
}

/** The code without what people wrote about it. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

/** The code without the texts in it that are for people: sentences (whatever holds a blank) and the examples of schemas. */
export function withoutProse(text: string): string {
  return text
    .replace(/\bexamples: \[.*\]/g, '')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, (quoted) =>
      quoted.includes(' ') ? "''" : quoted,
    )
}

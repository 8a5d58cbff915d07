import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))

/** One fenced block of a page. */
export interface Block {
  /** What stands after the fence, for example `sh runnable`. */
  readonly language: string
  readonly words: readonly string[]
  readonly text: string
  readonly line: number
}

/** One page of the documentation. */
export interface Page {
  /** Relative to the repository. */
  readonly file: string
  readonly text: string
  readonly blocks: readonly Block[]
}

/** Every page an operator may read: those at the root, in docs, and beside each plugin. */
export function readPages(): readonly Page[] {
  const roots = readdirSync(REPOSITORY).filter((name) => name.endsWith('.md'))
  const below = ['docs', 'plugins'].flatMap((folder) =>
    readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  )
  return [...roots, ...below].sort().map(readPage)
}

/** One page by its path in the repository. */
export function readPage(file: string): Page {
  const text = readFileSync(join(REPOSITORY, file), 'utf8')
  return { file: relative(REPOSITORY, join(REPOSITORY, file)), text, blocks: readBlocks(text) }
}

function readBlocks(text: string): readonly Block[] {
  const blocks: Block[] = []
  let open: { info: string; indent: string; lines: string[]; line: number } | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^(\s*)```(.*)$/.exec(line)
    if (open === undefined) {
      if (fence) open = { info: (fence[2] ?? '').trim(), indent: fence[1] ?? '', lines: [], line: index + 1 }
    } else if (fence && fence[2]?.trim() === '') {
      const [language = '', ...words] = open.info.split(/\s+/)
      blocks.push({ language, words, text: `${open.lines.join('\n')}\n`, line: open.line })
      open = undefined
    } else {
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line)
    }
  }
  return blocks
}

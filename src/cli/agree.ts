import { createInterface } from 'node:readline/promises'
import type { Terminal } from './terminal.ts'

export interface Agreement {
  readonly yes?: boolean
  readonly json?: boolean
}

/** Whether the operator agrees: said beforehand with `--yes`, or asked now, where a person sits at the terminal, about what these lines show. */
export async function agree(
  about: readonly string[],
  question: string,
  { yes = false, json = false }: Agreement,
  terminal: Terminal,
): Promise<boolean> {
  if (yes || json || !process.stdin.isTTY) return yes
  terminal.err(`${about.join('\n')}\n`)
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} (y/N) `)).trim())
  } finally {
    lines.close()
  }
}

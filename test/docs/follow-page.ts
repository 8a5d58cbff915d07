import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { appendFile, chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Page, REPOSITORY } from './markdown.ts'

/** What a reader of a page did. */
export interface Followed {
  readonly files: number
  readonly ran: number
  /** What the commands printed. */
  readonly output: string
}

/**
 * Does what a reader of the page does: saves each file that is named (`file=…`, `append=…`), runs each runnable block, in order.
 * A command that fails fails here. `look` is called at the end, with the folder.
 */
export async function followPage(
  page: Page,
  env: Readonly<Record<string, string>> = {},
  look: (folder: string) => Promise<void> = async () => {},
): Promise<Followed> {
  const { folder, path } = await freshClone()
  let [files, ran, output] = [0, 0, '']
  const named = (words: readonly string[], what: string) =>
    words.find((word) => word.startsWith(`${what}=`))?.slice(what.length + 1)
  try {
    for (const { words, text: content, line } of page.blocks) {
      const [file, appended] = [named(words, 'file'), named(words, 'append')]
      const place = file ?? appended
      if (place !== undefined) {
        await mkdir(dirname(join(folder, place)), { recursive: true })
        await (file === undefined ? appendFile : writeFile)(join(folder, place), content)
        files += 1
      } else if (words.includes('runnable')) {
        const result = await runBlock(content, folder, { PATH: path, HOME: folder, ...env })
        assert.equal(result.status, 0, `${page.file}:${line}\n${content}${result.printed}`)
        output += result.printed
        ran += 1
      }
    }
    await look(folder)
    return { files, ran, output }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * A folder like a fresh clone as far as commands see it, with an `npx` that runs this checkout's program under this Node.
 * What is there before the reader begins: the shipped configuration.
 */
async function freshClone(): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'flowgate-docs-'))
  await cp(join(REPOSITORY, 'config'), join(folder, 'config'), { recursive: true })
  const bin = join(folder, '.bin')
  await mkdir(bin)
  const main = join(REPOSITORY, 'src/main.ts')
  await writeFile(join(bin, 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${main}' "$@"\n`)
  await chmod(join(bin, 'npx'), 0o755)
  return { folder, path: `${bin}:${process.env['PATH']}` }
}

/** Not to be waited for in one go: a stand-in of the test's own process may have to answer. */
async function runBlock(
  commands: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | null; readonly printed: string }> {
  const child = spawn('sh', ['-euc', commands], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [status, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { status, printed: `${out}${err}` }
}

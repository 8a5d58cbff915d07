import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { type Page, REPOSITORY, readPage, readPages } from './markdown.ts'

/**
 * A folder like a fresh clone as far as commands see it, with an `npx` that runs this checkout's program under this Node.
 * What is there before the reader begins: the shipped configuration.
 */
function freshClone(): { readonly folder: string; readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'flowgate-docs-'))
  cpSync(join(REPOSITORY, 'config'), join(folder, 'config'), { recursive: true })
  const bin = join(folder, '.bin')
  mkdirSync(bin)
  const main = join(REPOSITORY, 'src/main.ts')
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${main}' "$@"\n`)
  chmodSync(join(bin, 'npx'), 0o755)
  return { folder, path: `${bin}:${process.env['PATH']}` }
}

/** Does what a reader of the page does: saves each named file, runs each runnable block, in order. */
function follow(page: Page): { readonly files: number; readonly ran: number } {
  const { folder, path } = freshClone()
  let files = 0
  let ran = 0
  try {
    for (const block of page.blocks) {
      const file = block.words.find((word) => word.startsWith('file='))?.slice('file='.length)
      if (file !== undefined) {
        mkdirSync(dirname(join(folder, file)), { recursive: true })
        writeFileSync(join(folder, file), block.text)
        files += 1
      } else if (block.words.includes('runnable')) {
        const { status, stdout, stderr } = spawnSync('sh', ['-euc', block.text], {
          cwd: folder,
          env: { PATH: path, HOME: folder },
          encoding: 'utf8',
        })
        assert.equal(status, 0, `${page.file}:${block.line}\n${block.text}${stdout}${stderr}`)
        ran += 1
      }
    }
    return { files, ran }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('the runnable commands of the README run in a fresh clone', () => {
  assert.equal(follow(readPage('README.md')).ran, 3)
})

test('the form of "Getting started" is checked and passes its tests as it is printed', () => {
  assert.deepEqual(follow(readPage('docs/getting-started.md')), { files: 4, ran: 1 })
})

test('no other page has runnable blocks that nobody runs', () => {
  const run = new Set(['README.md', 'docs/getting-started.md'])
  const others = readPages().filter(
    ({ file, blocks }) => !run.has(file) && blocks.some(({ words }) => words.includes('runnable')),
  )
  assert.deepEqual(
    others.map(({ file }) => file),
    [],
  )
})

test('every YAML and JSON block of every page can be read', () => {
  const blocks = readPages().flatMap(({ file, blocks }) => blocks.map((block) => ({ file, ...block })))
  const data = blocks.filter(({ language }) => ['yaml', 'yml', 'json'].includes(language))
  assert.ok(data.length >= 4)
  for (const { file, line, language, text } of data) {
    assert.doesNotThrow(() => (language === 'json' ? JSON.parse(text) : parse(text)), `${file}:${line}`)
  }
})

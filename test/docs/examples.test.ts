import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'yaml'
import { followPage } from './follow-page.ts'
import { readPage, readPages } from './markdown.ts'

test('the runnable commands of the README run in a fresh clone', async () => {
  assert.equal((await followPage(readPage('README.md'))).ran, 3)
})

test('the form of "Getting started" is checked and passes its tests as it is printed', async () => {
  const { files, ran } = await followPage(readPage('docs/getting-started.md'))
  assert.deepEqual([files, ran], [4, 1])
})

test('no other page has runnable blocks that nobody runs', () => {
  const run = new Set(['README.md', 'docs/getting-started.md', 'docs/plugins/writing-a-plugin.md'])
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

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { REPOSITORY, readPage } from './markdown.ts'

const FOLDER = 'docs/adr'
const files = readdirSync(join(REPOSITORY, FOLDER))
  .filter((file) => file !== 'README.md')
  .sort()

test('the index lists every decision once, in order, each with a line about it', () => {
  const rows = [
    ...readPage(`${FOLDER}/README.md`).text.matchAll(/^\| \[(\d+)\. .+\]\((\d{4}-[a-z0-9-]+\.md)\) \| \S.* \|$/gm),
  ]
  assert.deepEqual(
    rows.map(([, , file]) => file),
    files,
  )
  for (const [, number, file = ''] of rows) assert.equal(Number(number), Number(file.slice(0, 4)))
})

test('decisions are numbered without a gap, and each says its number, status, context, decision and consequences', () => {
  assert.ok(files.length > 10)
  for (const [index, file] of files.entries()) {
    assert.equal(Number(file.slice(0, 4)), index + 1, file)
    const { text } = readPage(`${FOLDER}/${file}`)
    assert.ok(text.startsWith(`# ${index + 1}. `), file)
    assert.match(text, /^Status: (accepted|replaced by \d+)$/m, file)
    assert.deepEqual(text.match(/^## .+$/gm), ['## Context', '## Decision', '## Consequences'], file)
    assert.ok(text.trimEnd().split('\n').length <= 40, `${file} is longer than a page`)
  }
})

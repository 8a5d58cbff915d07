import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { builtInEntry, builtInNames } from '../../src/registry/built-in-plugins.ts'
import { loadPlugin } from '../../src/registry/load-plugin.ts'

const plugin = `import { definePlugin } from 'flowgate/plugin'\n\nexport default definePlugin({})\n`

const files: Readonly<Record<string, string>> = {
  'ledger/index.ts': plugin,
  'ledger/source.ts': plugin,
  'ledger/message.js': plugin,
  'ledger/writer.ts': plugin,
  'old-ledger/index.ts': plugin,
  'old-ledger/source.ts': plugin,
  'chat/index.ts': plugin,
  'chat/message.ts': `export function message() {\n  return 'export default'\n}\n`,
  'news-source/index.ts': plugin,
  'news/source.ts': plugin,
  'nothing/readme.md': 'export default',
}

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'flowgate-built-in-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
})
after(() => rmSync(folder, { recursive: true }))

test('a folder is a plugin, and what else it exports a plugin from is named after folder and file', () => {
  assert.deepEqual(builtInNames(folder), [
    'chat',
    'ledger',
    'ledger-message',
    'ledger-source',
    'news-source',
    'old-ledger',
    'old-ledger-source',
  ])
})

test('every name leads to its own file', () => {
  const expected = {
    ledger: 'ledger/index.ts',
    'ledger-source': 'ledger/source.ts',
    'ledger-message': 'ledger/message.js',
    'old-ledger-source': 'old-ledger/source.ts',
    'news-source': 'news-source/index.ts',
  }
  for (const [name, file] of Object.entries(expected)) assert.equal(builtInEntry(name, folder), join(folder, file))
})

test('a file that exports no plugin, or is of another name, is no entry', () => {
  for (const name of ['chat-message', 'ledger-writer', 'ledger-index', 'nothing', 'news', '-source', 'source', '']) {
    assert.equal(builtInEntry(name, folder), undefined, name)
  }
  for (const name of ['../ledger', 'ledger/source', '..-source', 'Ledger', 'ledger-source.ts']) {
    assert.equal(builtInEntry(name, folder), undefined, name)
  }
})

test('every plugin that comes with the gateway bears the name that it is configured by', async () => {
  const names = builtInNames()
  assert.ok(names.length > 3)
  for (const name of names) assert.equal((await loadPlugin(name, folder))?.name, name)
})

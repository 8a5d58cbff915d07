import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { createPluginCatalogue } from '../../src/registry/catalogue.ts'
import { readConfigurationFile } from '../../src/registry/read-configuration-file.ts'

const source = `
import { definePlugin } from 'flowgate/plugin'
export default definePlugin({
  apiVersion: 1, kind: 'source', name: 'lines', title: 'Lines', configSchema: { type: 'object' },
  configure: () => ({}), classify: () => undefined,
  async queries({ file }, { readFile }) {
    const text = await readFile(file)
    return text.trim().split('\\n').map((name) => ({ name, parameters: [], purpose: 'read' }))
  },
})
`

const files: Readonly<Record<string, string>> = {
  'config/lines/index.js': source,
  'config/queries/calendar.txt': '\uFEFFslots\ndays\n',
  'secret.txt': 'secret',
}

let root: string
let folder: string
before(() => {
  root = mkdtempSync(join(tmpdir(), 'flowgate-catalogue-'))
  folder = join(root, 'config')
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  symlinkSync(join(root, 'nowhere'), join(folder, 'dangling'))
})
after(() => rmSync(root, { recursive: true }))

test('a source tells its queries from its settings and the files they name', async () => {
  const described = await createPluginCatalogue(folder).describe('./lines')
  assert.equal(described?.kind, 'source')
  assert.deepEqual(await described.queries?.({ file: './queries/calendar.txt' }), [
    { name: 'slots', parameters: [], purpose: 'read' },
    { name: 'days', parameters: [], purpose: 'read' },
  ])
  await assert.rejects(described.queries?.({ file: 'queries/calender.txt' }) ?? Promise.resolve(), {
    message: 'there is no file queries/calender.txt in the configuration folder',
  })
})

test('a plugin without queries is described without them', async () => {
  const described = await createPluginCatalogue(folder).describe('slack')
  assert.equal(described?.kind, 'notification')
  assert.equal(described.queries, undefined)
})

test('files are read inside the configuration folder alone, each refusal in a sentence', async () => {
  const read = readConfigurationFile(folder)
  assert.equal(await read('queries/calendar.txt'), 'slots\ndays\n')
  assert.equal(await read('./queries/../queries/calendar.txt'), 'slots\ndays\n')
  for (const path of ['../secret.txt', join(root, 'secret.txt'), join(folder, 'queries/calendar.txt'), '.', '', '..']) {
    await assert.rejects(read(path), /is not in the configuration folder/u, path)
  }
  await assert.rejects(read('dangling'), /there is no file dangling/u)
  await assert.rejects(read('queries'), /queries cannot be read \(EISDIR\)/u)
})

test('a file whose name only begins with dots is inside', async () => {
  writeFileSync(join(folder, '..queries'), 'a')
  assert.equal(await readConfigurationFile(folder)('..queries'), 'a')
})

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from 'yaml'
import { testFlows } from '../../src/cli/test-flows.ts'
import { editorSchemas } from '../../src/config/editor-schemas.ts'
import { loadConfiguration } from '../../src/config/load.ts'
import { createPluginCatalogue } from '../../src/registry/catalogue.ts'
import { readPage } from '../docs/markdown.ts'

/** The whole example of the reference page, by file. */
const files = new Map(
  readPage('docs/reference/configuration.md').blocks.flatMap(({ words, text }) => {
    const file = words.find((word) => word.startsWith('file='))?.slice('file='.length)
    return file === undefined ? [] : [[file, text] as const]
  }),
)

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'flowgate-example-'))
  for (const [file, text] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
})
after(() => rmSync(folder, { recursive: true }))

test('the whole example of the reference page loads without a word', async () => {
  assert.equal(files.size, 6)
  const config = join(folder, 'config')
  const result = await loadConfiguration(config, {}, { plugins: createPluginCatalogue(config), secrets: 'placeholder' })
  assert.deepEqual(result.issues, [])
  assert.ok(result.ok)
  assert.deepEqual([...result.configuration.flows.keys()], ['callback'])
})

test('the whole example of the reference page passes its own tests', async () => {
  const outcome = await testFlows('callback', { config: join(folder, 'config') }, {})
  assert.ok(outcome.ok, outcome.text)
})

test("the example's YAML files fit the schemas editors get", () => {
  const yaml = [...files].filter(([file]) => file.endsWith('.yaml'))
  for (const [file, text] of yaml) {
    const schema = editorSchemas().get(file.replace(/^.*\//u, '').replace('.yaml', '.json'))
    assert.ok(schema, file)
    const validate = new Ajv2020({ strict: false }).compile(schema)
    assert.ok(validate(parse(text)), `${file} ${JSON.stringify(validate.errors)}`)
  }
})

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse, stringify } from 'yaml'
import { testFlows } from '../../src/cli/test-flows.ts'
import { editorSchemas } from '../../src/config/editor-schemas.ts'
import { formatIssue } from '../../src/config/format-issue.ts'
import { loadConfiguration } from '../../src/config/load.ts'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import { createPluginCatalogue } from '../../src/registry/catalogue.ts'
import { type Block, readPage } from '../docs/markdown.ts'
import { flowJsonFor } from './flow-json-for.ts'

const PAGE = readPage('docs/reference/dynamic-flows.md')

/** What every section builds on: the destinations of the whole example. */
const DESTINATIONS = {
  hubspot: { plugin: 'hubspot', config: { access_token: `\${HUBSPOT_ACCESS_TOKEN}` } },
  'slack-sales': { plugin: 'slack', config: { bot_token: `\${SLACK_BOT_TOKEN}`, channel: 'C0123456789' } },
}

const FOLDERS: Readonly<Record<string, string>> = {
  'destinations.yaml': '',
  'flow.yaml': 'flows/shown/',
  'mapping.yaml': 'flows/shown/',
  'tests.yaml': 'flows/shown/',
}

/** The pieces of one section, as whole files of a configuration folder. */
function filesOf(blocks: readonly Block[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const { words, text } of blocks) {
    const [way, name = ''] = (words[0] ?? '').split('=')
    if (way === 'file') files.set(name, text)
    if (way !== 'in') continue
    assert.ok(FOLDERS[name] !== undefined, name)
    files.set(
      `${FOLDERS[name]}${name}`,
      name === 'tests.yaml' || name === 'mapping.yaml' ? text : completed(name, text),
    )
  }
  const flow = parse(files.get('flows/shown/flow.yaml') ?? '') as FlowFile
  files.set('flows/shown/flow.json', flowJsonFor(flow))
  if (!files.has('destinations.yaml')) files.set('destinations.yaml', stringify({ destinations: DESTINATIONS }))
  return files
}

/** A piece with what every such file needs besides. */
function completed(name: string, text: string): string {
  const content = parse(text) as Partial<FlowFile>
  if (name === 'destinations.yaml') return stringify({ destinations: DESTINATIONS, ...content })
  const [first] = Object.keys(content.screens ?? {})
  return stringify({ flow: 'shown', title: 'Shown', version: '1', first_screen: first, ...content })
}

/** The sections whose pieces make a flow, by heading. */
const sections = PAGE.text
  .split(/^## /mu)
  .slice(1)
  .map((text) => {
    const before = PAGE.text.indexOf(`## ${text}`)
    const line = PAGE.text.slice(0, before).split('\n').length
    const blocks = PAGE.blocks.filter((block) => block.line >= line && block.line < line + text.split('\n').length - 1)
    return { title: text.split('\n')[0] ?? '', blocks }
  })
  .filter(({ blocks }) => blocks.some(({ words }) => words.includes('in=flow.yaml')))

/** Does something in a folder that holds the configuration of one section. */
async function inFolder(files: ReadonlyMap<string, string>, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'flowgate-page-'))
  try {
    for (const [file, text] of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), text)
    }
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('the page has a section for each thing a dynamic flow can do', () => {
  assert.ok(sections.length >= 10, `${sections.length} sections`)
  const pieces = PAGE.blocks.filter(({ words }) => /^(?:in|file)=/u.test(words[0] ?? ''))
  assert.equal(sections.flatMap(({ blocks }) => blocks).filter((block) => pieces.includes(block)).length, pieces.length)
})

for (const { title, blocks } of sections) {
  test(`what "${title}" shows loads without a word`, async () => {
    await inFolder(filesOf(blocks), async (folder) => {
      const plugins = createPluginCatalogue(folder)
      const { issues } = await loadConfiguration(folder, {}, { plugins, secrets: 'placeholder' })
      assert.deepEqual(issues.map(formatIssue), [])
    })
  })
}

for (const { title, blocks } of sections.filter((section) => section.blocks.some(isTests))) {
  test(`the tests of "${title}" pass`, async () => {
    await inFolder(filesOf(blocks), async (folder) => {
      const outcome = await testFlows('shown', { config: folder }, {})
      assert.ok(outcome.ok, outcome.text)
    })
  })
}

function isTests({ words }: Block): boolean {
  return words.includes('in=tests.yaml')
}

test('the pieces fit the schemas editors get, but for what every file has besides', () => {
  const schemas = editorSchemas()
  for (const { title, blocks } of sections) {
    for (const [file, text] of filesOf(blocks)) {
      const schema = file.endsWith('.yaml')
        ? schemas.get(file.replace(/^.*\//u, '').replace('.yaml', '.json'))
        : undefined
      if (schema === undefined) continue
      const validate = new Ajv2020({ strict: false }).compile(schema)
      assert.ok(validate(parse(text)), `${title} ${file} ${JSON.stringify(validate.errors)}`)
    }
  }
})

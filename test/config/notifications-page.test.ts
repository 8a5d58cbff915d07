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
import type { DestinationsFile } from '../../src/config/schema/destinations.ts'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import { createPluginCatalogue } from '../../src/registry/catalogue.ts'
import { type Block, readPage } from '../docs/markdown.ts'
import { flowJsonFor } from './flow-json-for.ts'

const PAGE = readPage('docs/reference/notifications.md')

function pieces(name: string): readonly Block[] {
  return PAGE.blocks.filter(({ words }) => words.includes(`in=${name}`))
}

/** The one piece that all examples share. */
function base<Content>(name: string): Content {
  const [piece] = pieces(name)
  assert.ok(piece, name)
  return parse(piece.text) as Content
}

/** Each example: its notifications, and the tests that follow before the next one. */
const EXAMPLES = pieces('notifications').map((block, index, all) => {
  const next = all[index + 1]?.line ?? Number.POSITIVE_INFINITY
  const tests = pieces('tests.yaml').find(({ line }) => line > block.line && line < next)
  return { block, tests, to: block.words.find((word) => word.startsWith('to='))?.slice('to='.length) }
})

const MAIL = {
  plugin: 'email',
  config: { host: 'smtp.acme.example', from: 'leads@acme.example', to: 'sales@acme.example' },
}

function filesOf({ block, tests, to }: (typeof EXAMPLES)[number]): ReadonlyMap<string, string> {
  const flow = base<FlowFile>('flow.yaml')
  const mapping = { ...base<MappingFile>('mapping.yaml'), notifications: parse(block.text) }
  const { destinations = {} } = base<DestinationsFile>('destinations.yaml')
  // The page has one destination for messages, and that reaches no persons.
  const more = to === undefined ? {} : { [to]: MAIL }
  return new Map([
    ['destinations.yaml', stringify({ destinations: { ...destinations, ...more } })],
    ['flows/shown/flow.yaml', stringify(flow)],
    ['flows/shown/flow.json', flowJsonFor(flow)],
    ['flows/shown/mapping.yaml', stringify(mapping)],
    ...(tests === undefined ? [] : [['flows/shown/tests.yaml', tests.text] as const]),
  ])
}

/** Does something in a folder that holds the configuration of one example. */
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

test('the page has examples of everything a notification can be', () => {
  assert.ok(EXAMPLES.length >= 5, `${EXAMPLES.length} examples`)
  assert.ok(EXAMPLES.filter(({ tests }) => tests !== undefined).length >= 3)
  const known = ['flow.yaml', 'destinations.yaml', 'mapping.yaml', 'tests.yaml', 'notifications'].flatMap(pieces)
  assert.equal(known.length, PAGE.blocks.length, 'every block of the page is run')
})

for (const example of EXAMPLES) {
  test(`the example in line ${example.block.line} loads without a word and its tests pass`, async () => {
    await inFolder(filesOf(example), async (folder) => {
      const plugins = createPluginCatalogue(folder)
      const { issues } = await loadConfiguration(folder, {}, { plugins, secrets: 'placeholder' })
      assert.deepEqual(issues.map(formatIssue), [])
      if (example.tests === undefined) return
      const outcome = await testFlows('shown', { config: folder }, {})
      assert.ok(outcome.ok, outcome.text)
    })
  })
}

test('the examples fit the schema that editors get', () => {
  const schema = editorSchemas().get('mapping.json')
  assert.ok(schema)
  const validate = new Ajv2020({ strict: false }).compile(schema)
  for (const { block } of EXAMPLES) {
    assert.ok(validate({ notifications: parse(block.text) }), `${block.line} ${JSON.stringify(validate.errors)}`)
  }
})

test('a name that the directory does not have is found where it is written', async () => {
  const [first] = EXAMPLES
  assert.ok(first)
  const wrong = (recipient: object | string) => {
    const files = new Map(filesOf({ ...first, tests: undefined }))
    const mapping = parse(files.get('flows/shown/mapping.yaml') ?? '') as { notifications: object[] }
    const notifications = mapping.notifications.map((each) => ({ ...each, recipient }))
    return files.set('flows/shown/mapping.yaml', stringify({ ...mapping, notifications }))
  }
  for (const [recipient, message] of [
    ['vpi', '`vpi` is not among the recipients of `slack-sales`: did you mean `vip`?'],
    [{ from: 'form.budget', lookup: { over_50k: 'whale' } }, '`whale` is not among'],
    [{ from: 'form.full_name', default: 'nobody' }, ': there is vip, everyone, ana'],
    [{ owner_of: 'contact', default: 'evryone' }, 'did you mean `everyone`?'],
  ] as const) {
    await inFolder(wrong(recipient), async (folder) => {
      const plugins = createPluginCatalogue(folder)
      const { issues } = await loadConfiguration(folder, {}, { plugins, secrets: 'placeholder' })
      const [issue, ...others] = issues
      assert.deepEqual([issue?.code, others], ['FG_CONFIG_RECIPIENT', []])
      assert.ok(issue?.message.includes(message), issue?.message)
    })
  }
})

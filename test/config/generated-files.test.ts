import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from 'yaml'
import { editorSchemas } from '../../src/config/editor-schemas.ts'
import type { Finding } from '../../src/config/issue.ts'
import { valueDefinitions } from '../../src/config/value-definitions.ts'
import { compileCondition } from '../../src/value/condition.ts'
import { ROOTS } from '../../src/value/scope.ts'
import { generatedFiles } from './generated-files.ts'

test('the committed schemas and the reference page are what the code makes of them', () => {
  const files = generatedFiles()
  assert.equal(files.size, 6)
  for (const [file, text] of files) {
    assert.equal(readFileSync(file, 'utf8'), text, `${file.pathname}: run node test/config/generated-files.ts --write`)
  }
})

const shipped = ['flowgate', 'destinations', 'flows/lead-gen/flow', 'flows/lead-gen/mapping', 'flows/lead-gen/tests']

function validator(name: string) {
  const schema = editorSchemas().get(`${name}.json`)
  assert.ok(schema)
  return new Ajv2020({
    allErrors: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
  }).compile(schema)
}

test('the shipped files name their schema in the first line and fit it', () => {
  for (const path of shipped) {
    const text = readFileSync(new URL(`../../config/${path}.yaml`, import.meta.url), 'utf8')
    const name = path.split('/').at(-1) ?? ''
    const up = path.includes('/') ? '../../' : './'
    assert.equal(text.split('\n')[0], `# yaml-language-server: $schema=${up}schema/${name}.json`)
    const validate = validator(name)
    assert.ok(validate(parse(text)), JSON.stringify(validate.errors))
  }
})

/** A mapping of one field. */
const mapping = (value: unknown) => ({
  records: [{ id: 'a', to: 'b', object: 'c', operation: 'create', fields: { name: value } }],
})

test('an editor accepts the value language', () => {
  const validate = validator('mapping')
  for (const value of [
    'text',
    7,
    ['a', { from: 'form.b' }],
    { first_of: ['person.a', 'form.b'], default: 'x', on_fail: 'keep' },
    { template: '{form.a}', when: { any: [{ 'form.a': 'x' }, { not: { 'form.b': { gte: 1, lt: 3 } } }] } },
    { value: { from: 'not a path' } },
    { expr: '$round(form.a)', lookup: { a: 1 } },
    { from: 'form.a', apply: ['trim', { phone: { country: 'BR' } }, { phone: 'BR' }, { truncate: 5 }] },
    { from: 'records.contact.url' },
    { from: 'form.a', write: 'if_empty' },
    { from: 'form.a', clear: true },
    { value: 'a', write: 'forward_only', order: ['a', 2] },
  ]) {
    assert.ok(validate(mapping(value)), `${JSON.stringify(value)} ${JSON.stringify(validate.errors)}`)
  }
})

test('an editor marks slips in the value language', () => {
  const validate = validator('mapping')
  for (const value of [
    { from: 'frm.a' },
    { from: 'form.a', template: 'x' },
    { from: 'form.a', aply: [] },
    { from: 'form.a', apply: ['uper'] },
    { from: 'form.a', apply: [{ phone: { contry: 'BR' } }] },
    { from: 'form.a', apply: [{ trim: 1, lower: 1 }] },
    { from: 'form.a', when: { 'form.a': { gte3: 1 } } },
    { from: 'form.a', write: 'if_emty' },
    { from: 'form.a', clear: 'yes' },
    { from: 'form.a', write: 'forward_only', order: ['a'] },
    { from: 'form.a', order: ['a', 'b'] },
  ]) {
    assert.equal(validate(mapping(value)), false, JSON.stringify(value))
  }
  const flow = validator('flow')
  assert.equal(
    flow({
      flow: 'a',
      title: 'A',
      version: '1',
      first_screen: 'A',
      screens: { A: { data: { x: { from: 'records.a' } } } },
    }),
    false,
  )
})

test('the comparisons an editor offers are those the gateway knows', () => {
  const { comparison } = valueDefinitions(ROOTS) as {
    comparison: { anyOf: [unknown, { properties: Record<string, unknown> }] }
  }
  const names = Object.keys(comparison.anyOf[1].properties).filter((name) => name !== 'from')
  assert.equal(names.length, 8)
  const fitting: Readonly<Record<string, unknown>> = { in: ['a'], exists: true, matches: 'a' }
  for (const name of names) {
    const findings: Finding[] = []
    compileCondition({ 'form.a': { [name]: (fitting[name] ?? 1) as string } }, (finding) => findings.push(finding), [])
    assert.deepEqual(findings, [], name)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'yaml'
import type { RecordFile } from '../../src/config/schema/record.ts'
import { WRITE_POLICIES } from '../../src/config/schema/value.ts'
import { compileMapping } from '../../src/map/compile.ts'
import { mapRecord } from '../../src/map/record.ts'
import { applyPolicies, needsReading } from '../../src/map/write-policy.ts'
import type { Json, JsonObject } from '../../src/plugin/json.ts'
import { phoneVariants } from '../../src/value/phone-variants.ts'
import { readPage } from '../docs/markdown.ts'
import { findings, scopeOf } from '../value/scope-of.ts'
import { mappingOf, rawRecord } from './mapping-of.ts'

/** One example of the page. */
interface Example {
  readonly record: Partial<RecordFile>
  readonly form?: JsonObject
  readonly stands?: JsonObject
  readonly writes?: JsonObject
  readonly leaves?: Readonly<Record<string, string>>
  readonly kept?: JsonObject
  readonly fails?: string
  readonly refused?: string
}

const page = readPage('docs/reference/writing-records.md')
const examples = page.blocks.filter(({ language }) => language === 'yaml')
const AT = new Date('2026-11-21T14:03:30Z')

for (const { line, text } of examples) {
  test(`${page.file}:${line} is what the gateway does`, () => run(parse(text) as Example))
}

async function run({ record, form = {}, stands, writes, leaves = {}, kept, fails, refused }: Example): Promise<void> {
  const file = { records: [rawRecord(record)] }
  if (refused !== undefined) {
    const found = findings()
    compileMapping(file, found.report)
    assert.deepEqual(found.messages(), [refused])
    return
  }
  const [mapping] = mappingOf(file).records
  assert.ok(mapping !== undefined)
  const mapped = await mapRecord(mapping, scopeOf({ form }), new Map())
  assert.ok(mapped.kind === 'mapped')
  const circumstances = { standing: stands, acceptedAt: AT, orderOf: () => undefined }
  const reads = needsReading(mapped.input, mapping)
  const result = applyPolicies(mapped.input, mapping, circumstances)
  if (fails !== undefined) {
    assert.ok(result.kind === 'failed')
    assert.equal(result.failure.code, fails)
    return
  }
  assert.ok(result.kind === 'ready' && writes !== undefined)
  assert.deepEqual(result.fields, writes)
  assert.deepEqual(Object.fromEntries(result.leftOut), leaves)
  if (Object.keys(leaves).length > 0) assert.ok(reads)
  if (kept === undefined) return
  assert.ok(reads)
  const before = Object.keys(result.fields).map((name): [string, Json] => [name, stands?.[name] ?? null])
  assert.deepEqual(Object.fromEntries(before), kept)
}

test('the page has every policy in its table and an example of most', () => {
  assert.ok(examples.length >= 9)
  for (const policy of WRITE_POLICIES) assert.ok(page.text.includes(`| \`${policy}\` |`), policy)
})

test('the numbers of the page are what it says they are', () => {
  const rows = [...page.text.matchAll(/^\| \w+ \| `(\+\d+)` and `(\+\d+)` \|$/gm)]
  assert.equal(rows.length, 3)
  for (const [, one = '', other = ''] of rows) {
    assert.deepEqual(phoneVariants(one), [one, other])
    assert.deepEqual(phoneVariants(other), [other, one])
  }
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import type { RawCondition, RawValue } from '../../src/config/schema/value.ts'
import { DIRECTIVES } from '../../src/config/schema/value.ts'
import type { Json, JsonObject } from '../../src/plugin/json.ts'
import { compileCondition } from '../../src/value/condition.ts'
import { MAPPING_ROOTS } from '../../src/value/options.ts'
import { ROOTS } from '../../src/value/scope.ts'
import { TRANSFORMS } from '../../src/value/transforms/table.ts'
import { compileValue } from '../../src/value/value.ts'
import { faultless, findings, scopeOf } from './scope-of.ts'
import { generated, valuesPage } from './values-page.ts'

/** One example of the page: what is given, and what comes of it. */
interface PageExample {
  readonly form?: JsonObject
  readonly person?: JsonObject
  readonly session?: JsonObject
  readonly asked?: JsonObject
  /** The images of the flow: file name → base64 text. */
  readonly images?: Readonly<Record<string, string>>
  readonly value?: RawValue
  /** A value where a record's field stands. */
  readonly field?: RawValue
  readonly condition?: RawCondition
  readonly gives?: Json
  readonly absent?: true
  readonly holds?: boolean
  readonly fails?: string
  readonly refused?: string
}

const FIELD = { roots: MAPPING_ROOTS, objects: 'refused', write: true } as const
const page = valuesPage()
const examples = Array.from(page.matchAll(/```(\w*)\n(.*?)```/gsu), ([, language, text = '']) => ({ language, text }))

test('the reference page is what the code says; `node test/value/values-page.ts --write` renews it', () => {
  assert.equal(page, generated(page))
})

test('every transform has its section, and every block of the page is an example', () => {
  const sections = Array.from(page.matchAll(/^### (\w+)$/gmu), ([, name]) => name)
  assert.deepEqual(sections, [...TRANSFORMS.keys()])
  assert.ok(examples.length >= 60)
  assert.deepEqual(new Set(examples.map(({ language }) => language)), new Set(['yaml']))
})

test('every key that makes a value is in the table of the page, and has an example that gives something', () => {
  const given = examples.map(({ text }) => parse(text) as PageExample).filter((example) => 'gives' in example)
  for (const name of [...DIRECTIVES, 'pick']) {
    assert.ok(name === 'pick' || page.includes(`| \`${name}\` | `), name)
    const own = given.filter(({ value }) => typeof value === 'object' && value !== null && name in value)
    assert.ok(own.length > 0, name)
  }
})

describe('an example of the reference page', () => {
  for (const { text } of examples) {
    test(text.trim().replaceAll('\n', ' · '), () => run(parse(text) as PageExample))
  }
})

async function run(example: PageExample): Promise<void> {
  const { form = {}, person = {}, session = {}, asked = {}, value, field, condition } = example
  const scope = scopeOf({ form, person, session, asked })
  const options = { roots: ROOTS, images: example.images && new Map(Object.entries(example.images)) }
  if (example.refused !== undefined) {
    const found = findings()
    if (value !== undefined) compileValue(value, found.report, [], options)
    if (field !== undefined) compileValue(field, found.report, [], FIELD)
    if (condition !== undefined) compileCondition(condition, found.report, [])
    assert.ok(found.messages().join('\n').includes(example.refused), found.messages().join('\n'))
  } else if (condition !== undefined) {
    assert.equal(typeof example.holds, 'boolean')
    assert.equal(compileCondition(condition, faultless, []).test(scope), example.holds)
  } else {
    assert.ok(value !== undefined)
    const result = compileValue(value, faultless, [], options).evaluate(scope)
    if (example.fails !== undefined) {
      const { fails } = example
      await assert.rejects(result, (error: unknown) => error instanceof Error && error.message.includes(fails))
    } else if (example.absent === true) {
      assert.equal(await result, undefined)
    } else {
      assert.ok('gives' in example)
      assert.deepEqual(await result, example.gives)
    }
  }
}

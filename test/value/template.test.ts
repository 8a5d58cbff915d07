import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ROOTS } from '../../src/value/scope.ts'
import { compileTemplate } from '../../src/value/template.ts'
import { faultless, findings, scopeOf } from './scope-of.ts'

const scope = scopeOf({
  form: { name: 'Ana', size: 12, ok: false, list: ['crm', 3], object: { a: 1 }, nothing: null, empty: '' },
  flow: { title: 'Leads' },
})

async function filled(text: string) {
  return compileTemplate(text, faultless, []).evaluate(scope)
}

test('places are filled with texts, numbers, booleans, lists and objects', async () => {
  assert.equal(
    await filled('{form.name}, { form.size } {form.ok}: {form.list} {form.object}'),
    'Ana, 12 false: crm, 3 {"a":1}',
  )
})

test('an absent path is empty text', async () => {
  assert.equal(await filled('{form.name} {form.missing}{form.nothing}!'), 'Ana !')
})

test('a template whose paths are all absent is absent', async () => {
  assert.equal(await filled('Hello {form.missing}{form.nothing}'), undefined)
})

test('an empty answer is present', async () => {
  assert.equal(await filled('[{form.empty}]'), '[]')
})

test('a template without a place is its text', async () => {
  assert.equal(await filled('Hello'), 'Hello')
  assert.equal(await filled(''), '')
})

test('doubled braces are braces', async () => {
  assert.equal(await filled('{{{form.name}}} }}{{'), '{Ana} }{')
})

test('items of lists are reached by their position, and nothing inherited is reached', async () => {
  assert.equal(await filled('{form.list.0}'), 'crm')
  assert.equal(await filled('{form.list.length}{form.list.9}{form.constructor}{form.name.length}'), undefined)
})

test('paths are listed once', () => {
  assert.deepEqual(compileTemplate('{form.a}{form.b}{form.a}', faultless, []).paths, ['form.a', 'form.b'])
})

test('open braces, unknown roots and records outside mappings are reported where they stand', () => {
  const found = findings()
  compileTemplate('{form.name', found.report, ['title'])
  compileTemplate('name}', found.report, ['title'])
  compileTemplate('{fomr.name} {name} {} {form.a b}', found.report, ['title'])
  compileTemplate('{records.contact.url}', found.report, ['title'])
  assert.deepEqual(found.messages(), [
    '`{` is never closed: write `{form.name}` for a place, `{{` for a brace',
    '`}` closes nothing: write `}}` for a brace',
    'unknown root `fomr` in `fomr.name`: did you mean `form`?',
    '`name` does not begin with `form`, `person`, `session`, `flow`, `data`, `sent`, `asked`, `values` or `checks`: did you mean `form.name`?',
    'a path is text such as `form.email`',
    '`form.a b` is not a path: write names joined by dots, such as `form.email`',
    '`records` is not known here: only `form`, `person`, `session`, `flow`, `data`, `sent`, `asked`, `values` or `checks`',
  ])
  assert.ok(found.all.every(({ path, severity }) => path[0] === 'title' && severity === 'error'))
})

test('in mappings a record is named by its id', () => {
  const found = findings()
  const template = compileTemplate('{records.contact.url}{records}', found.report, [], { roots: ROOTS })
  assert.deepEqual(template.paths, ['records.contact.url'])
  assert.deepEqual(found.messages(), ['name the record: `records.<id>`'])
})

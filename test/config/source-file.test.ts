import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Issue } from '../../src/config/issue.ts'
import { parseJson, parseYaml } from '../../src/config/source-file.ts'

function parsed(parse: typeof parseYaml, text: string) {
  const issues: Issue[] = []
  const source = parse('a.yaml', text, (issue) => issues.push(issue))
  return { source, issues: issues.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`) }
}

const text = `one: 1
two:
  - a: &shared { x: 1, y: [2, 3] }
    b: *shared
  -
three:
`

test('a path is placed at its value, or at its key where that is asked for', () => {
  const { source, issues } = parsed(parseYaml, text)
  assert.deepEqual(issues, [])
  const places = (path: readonly (string | number)[], atKey?: boolean) =>
    Object.values(source.place(path, atKey)).join(':')
  assert.equal(places([]), '1:1')
  assert.equal(places(['one']), '1:6')
  assert.equal(places(['one'], true), '1:1')
  assert.equal(places(['two', 0]), '3:5')
  assert.equal(places(['two', 0, 'a', 'y', 1]), '3:31')
  assert.equal(places(['two', 0, 'a', 'y'], true), '3:24')
  assert.equal(places(['two', 0, 'b']), '4:8')
  assert.equal(places(['two', 0, 'b', 'x']), '3:21', 'inside an alias: where the anchor stands')
})

test('what does not exist is placed at the deepest part that does', () => {
  const { source } = parsed(parseYaml, text)
  assert.deepEqual(source.place(['two', 0, 'a', 'elsewhere', 'deep']), { line: 3, column: 5 })
  assert.deepEqual(source.place(['nowhere']), { line: 1, column: 1 })
  assert.deepEqual(source.place(['two', 7]), { line: 2, column: 1 })
})

test('lines are counted alike with Windows line ends', () => {
  const { source } = parsed(parseYaml, text.replaceAll('\n', '\r\n'))
  assert.deepEqual(source.place(['two', 0, 'b']), { line: 4, column: 8 })
})

test('a key that stands twice is named, and the last one counts', () => {
  const { source, issues } = parsed(parseYaml, 'a: 1\nb: 2\na: 3\n')
  assert.deepEqual(issues, ['3:1 FG_CONFIG_DUPLICATE_KEY the key `a` stands here twice: keep one'])
  assert.deepEqual(source.data, { a: 3, b: 2 })
  const json = parsed(parseJson, '{ "a": 1,\n  "a": 3 }')
  assert.deepEqual(json.issues, ['2:3 FG_CONFIG_DUPLICATE_KEY the key `a` stands here twice: keep one'])
  assert.deepEqual(json.source.data, { a: 3 })
})

test('YAML that cannot be read is named at its place', () => {
  for (const [broken, place] of [
    ['a: [1\nb: 2\n', '2:1'],
    ['a:\n\t- 1\n', '2:1'],
    ['a: !secret x\n', '1:4'],
    ['a: *nowhere\n', '1:1'],
    ['a: 1\n---\nb: 2\n', '2:1'],
  ] as const) {
    const { source, issues } = parsed(parseYaml, broken)
    assert.match(issues[0] ?? '', new RegExp(`^${place} FG_CONFIG_YAML not valid YAML: `), broken)
    if (!broken.includes('!secret')) assert.equal(source.data, undefined, broken)
  }
})

test('aliases that multiply without end are refused', () => {
  const levels = Array.from({ length: 12 }, (_, level) => {
    const last = level === 0 ? '[x]' : `[${Array.from({ length: 9 }, () => `*l${level - 1}`).join(', ')}]`
    return `l${level}: &l${level} ${last}\n`
  })
  const { source, issues } = parsed(parseYaml, levels.join(''))
  assert.equal(issues.length, 1)
  assert.equal(source.data, undefined)
})

test('JSON that cannot be read is named at its place, also where it ends too early', () => {
  assert.match(parsed(parseJson, '{\n  "a": 1,\n}').issues[0] ?? '', /^3:1 FG_CONFIG_JSON not valid JSON: /u)
  assert.match(parsed(parseJson, '{\n  "a": 1').issues[0] ?? '', /^2:9 FG_CONFIG_JSON not valid JSON: /u)
  assert.match(parsed(parseJson, '').issues[0] ?? '', /^1:1 FG_CONFIG_JSON not valid JSON: /u)
})

test('JSON is strict, and may hold whatever JSON holds', () => {
  const { source, issues } = parsed(parseJson, '{\n\t"a\\/b": "\\u00e9\\n",\t"c": [1e3, null]\n}')
  assert.deepEqual(issues, [])
  assert.deepEqual(source.data, { 'a/b': 'é\n', c: [1000, null] })
  assert.deepEqual(source.place(['c', 1]), { line: 2, column: 33 })
})

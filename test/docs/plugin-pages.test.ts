import assert from 'node:assert/strict'
import { test } from 'node:test'
import { builtInNames } from '../../src/registry/built-in-plugins.ts'
import { readPage } from './markdown.ts'

const names = builtInNames()

/** What each page has, in this order: an operator who knows one finds their way in all. */
const SECTIONS: readonly (readonly [what: string, heading: RegExp])[] = [
  ['how to set it up', /^## Set it up$/m],
  ['what it writes, sends or answers', /^## (?:What it (?:writes|sends)|Ask it|The file of queries|Places)$/m],
  ['its limits', /^## Limits$/m],
  ['what to do about failures', /^## When (?:a delivery fails|it cannot answer)$/m],
]

test('there is a page for each plugin that comes with the gateway', () => {
  assert.ok(names.length >= 15)
  for (const name of names) assert.ok(readPage(`docs/plugins/${name}.md`).text.length > 1_000, name)
})

for (const name of names) {
  test(`docs/plugins/${name}.md has the form of all such pages`, () => {
    const { text } = readPage(`docs/plugins/${name}.md`)
    const places = SECTIONS.map(([what, heading]) => {
      const place = text.search(heading)
      assert.ok(place >= 0, `It does not say ${what} under a heading like ${heading}.`)
      return place
    })
    assert.deepEqual(
      places,
      places.toSorted((one, other) => one - other),
    )
    assert.match(text, /^```yaml(?: \w+)*\n# config\/destinations\.yaml$/m)
    assert.match(text, /^\| setting +\|/m)
  })
}

test('the README leads to each of these pages', () => {
  const { text } = readPage('README.md')
  const missing = [...names, 'writing-a-plugin'].filter((name) => !text.includes(`](docs/plugins/${name}.md)`))
  assert.deepEqual(missing, [])
})

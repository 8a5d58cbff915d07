import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ERROR_AREAS } from '../src/errors.ts'
import { readPages } from './docs/markdown.ts'
import { explainingPlugins, folderOf, generatedPages, pageAt } from './errors-page.ts'
import { readSources } from './support/sources.ts'

const plugins = await explainingPlugins()
const own = ERROR_AREAS.flatMap(({ codes }) => Object.entries(codes))
const theirs = plugins.flatMap(([, { failureCodes = {} }]) => Object.entries(failureCodes))

// A code has at least two words after FG; what ends in an underscore is the beginning of several.
const CODE = /\bFG_(?:[A-Z0-9]+_)+[A-Z0-9]+(?![A-Z0-9_])/g

/** Codes that a file's code, not its comments, speaks of. */
function codesIn(text: string): readonly string[] {
  const code = text.split('\n').filter((line) => !/^\s*(?:\/\/|\/\*|\*)/.test(line))
  return code.join('\n').match(CODE) ?? []
}

describe('the error catalogue', () => {
  test('has exactly the codes that the gateway uses', () => {
    const files = readSources('src').filter(({ file }) => !/^src\/errors[./]/.test(file))
    const used = new Set(files.flatMap(({ text }) => codesIn(text)))
    assert.ok(used.size > 100)
    assert.deepEqual(own.map(([code]) => code).sort(), [...used].sort())
  })

  test('has every code once', () => {
    const all = [...own, ...theirs].map(([code]) => code)
    assert.deepEqual(
      all.filter((code, index) => all.indexOf(code) !== index),
      [],
    )
  })

  test('says in one sentence what each code means, and in another what to do', () => {
    for (const [code, { meaning, cure }] of [...own, ...theirs]) {
      for (const text of [meaning, cure]) assert.match(text, /^[A-Z`](?:[^.]|\.(?! ))*\.$/, `${code}: ${text}`)
    }
  })

  test('is spoken of by its codes, which nobody puts together from pieces', () => {
    const pieced = [...readSources('src'), ...readSources('plugins')].filter(({ text }) =>
      /FG_[A-Z0-9_]*\$\{/.test(text),
    )
    assert.deepEqual(
      pieced.map(({ file }) => file),
      [],
    )
  })

  test('tells what is a code from what is the beginning of several, and code from comments', () => {
    const text = [`fail('FG_A_B', \`FG_C_\`)`, ' * `FG_D_…` and FG_E_F', '  // FG_G_H', `type X = 'FG_I_J_9' | 'FG_K'`]
    assert.deepEqual(codesIn(text.join('\n')), ['FG_A_B', 'FG_I_J_9'])
  })
})

for (const [folder, family] of Map.groupBy(plugins, ([name]) => folderOf(name))) {
  test(`the plugins of ${folder} explain exactly the codes they use`, () => {
    const files = readSources(`plugins/${folder}`).filter(({ file }) => !file.endsWith('/failure-codes.ts'))
    const used = new Set(files.flatMap(({ text }) => codesIn(text)))
    const explained = family.flatMap(([, { failureCodes = {} }]) => Object.keys(failureCodes))
    assert.deepEqual(explained.sort(), [...used].sort())
  })
}

test('every plugin that comes with the gateway explains codes of its own', () => {
  const explaining = plugins.map(([name]) => `plugins/${folderOf(name)}/`)
  const others = readSources('plugins').filter(({ file }) => !explaining.some((folder) => file.startsWith(folder)))
  assert.deepEqual(
    others.map(({ file }) => file),
    [],
  )
})

for (const { file, generate } of await generatedPages()) {
  test(`${file} is what the catalogue says; \`node test/errors-page.ts --write\` renews it`, () => {
    assert.equal(pageAt(file), generate(pageAt(file)))
  })
}

test('no page speaks of a code that there is not', () => {
  const known = new Set([...own, ...theirs].map(([code]) => code))
  const unknown = readPages().flatMap(({ file, text }) =>
    (text.match(CODE) ?? []).filter((code) => !known.has(code)).map((code) => `${file}: ${code}`),
  )
  assert.deepEqual(unknown, [])
})

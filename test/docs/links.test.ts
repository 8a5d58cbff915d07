import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { VARIABLES } from '../../src/config/environment-variables.ts'
import { type Page, REPOSITORY, readPage, readPages } from './markdown.ts'

/** Links of a page outside its fenced blocks, as written. */
function linksOf({ text }: Page): readonly string[] {
  const prose = text.replace(/^\s*```[\s\S]*?^\s*```/gm, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '')
}

/** The anchor GitHub gives each heading. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map((match) => match[1] ?? '')
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

test('every link of every page leads to a file and a heading that exist', () => {
  const broken: string[] = []
  let seen = 0
  for (const page of readPages()) {
    for (const link of linksOf(page)) {
      if (/^(https?:|mailto:)/.test(link)) continue
      seen += 1
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page.file : join(dirname(page.file), path)
      const ok = existsSync(join(REPOSITORY, target))
      const anchored =
        anchor === undefined || (target.endsWith('.md') && ok && anchorsOf(readPage(target).text).has(anchor))
      if (!ok || !anchored) broken.push(`${page.file}: ${link}`)
    }
  }
  assert.ok(seen > 20)
  assert.deepEqual(broken, [])
})

test('docs/operations.md lists exactly the variables that the gateway reads, with their defaults', () => {
  const { text } = readPage('docs/operations.md')
  const rows = [...text.matchAll(/^\| `([A-Z_]+)` \| .* \| (.*) \|$/gm)]
  assert.deepEqual(rows.map((row) => row[1]).sort(), Object.keys(VARIABLES).sort())
  for (const [, name = '', shown] of rows) {
    const description = VARIABLES[name as keyof typeof VARIABLES]
    if ('default' in description) assert.equal(shown, `\`${description.default}\``, name)
  }
})

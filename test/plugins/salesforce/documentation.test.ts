import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { failureCodes } from '../../../plugins/salesforce/failure-codes.ts'
import { configSchema } from '../../../plugins/salesforce/settings.ts'

const folder = new URL('../../../plugins/salesforce/', import.meta.url)
const page = await readFile(new URL('../../../docs/plugins/salesforce.md', import.meta.url), 'utf8')

test('the page explains exactly the failure codes the plugin uses', async () => {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && file !== 'failure-codes.ts')
  const source = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')))
  const used = new Set(source.join('\n').match(/FG_SALESFORCE_[A-Z_]+/g))
  const explained = new Set([...page.matchAll(/^\| `(FG_SALESFORCE_[A-Z_]+)` \|/gm)].map(([, code]) => code))
  assert.ok(used.size > 10)
  assert.deepEqual([...explained].sort(), [...used].sort())
  assert.deepEqual(Object.keys(failureCodes).sort(), [...used].sort())
})

test('the page lists exactly the settings the plugin takes', () => {
  const listed = [...page.matchAll(/^\| `([a-z_]+)` \| (?:required|`|—)/gm)].map(([, setting]) => setting)
  assert.deepEqual(listed.sort(), Object.keys(configSchema['properties'] ?? {}).sort())
})

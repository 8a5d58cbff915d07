import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configSchema } from '../../../plugins/teams/config.ts'
import { readPage } from '../../docs/markdown.ts'

test('the page lists exactly the settings the plugin takes', () => {
  const { text } = readPage('docs/plugins/teams.md')
  const table = text.slice(text.indexOf('| setting |'), text.indexOf('## What it sends'))
  const listed = [...table.matchAll(/^\| `([a-z_]+)` \| (?:required|none|`|the public)/gm)].map(
    ([, setting]) => setting,
  )
  assert.deepEqual(listed.sort(), Object.keys(configSchema['properties'] ?? {}).sort())
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configSchema } from '../../../../plugins/sql/queries/settings.ts'
import { readPage } from '../../../docs/markdown.ts'
import { documentationTests } from './documented.ts'
import { postgresGround } from './postgres-ground.ts'

documentationTests('PostgreSQL', 'postgres', postgresGround)

test('the page lists exactly the settings the plugin takes', () => {
  const { text } = readPage('docs/plugins/sql-source.md')
  const listed = [...text.matchAll(/^\| `([a-z_]+)` \| /gm)].map(([, setting]) => setting)
  assert.deepEqual(listed.sort(), Object.keys(configSchema['properties'] ?? {}).sort())
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from 'flowgate/plugin'
import { configSchema } from '../../../../plugins/sql/records/settings.ts'
import { readPage } from '../../../docs/markdown.ts'
import { documentationTests } from './documented.ts'
import { postgresGround } from './postgres-ground.ts'

documentationTests('PostgreSQL', postgresGround)

const { text } = readPage('docs/plugins/sql.md')

function namesIn(schema: Json | undefined): readonly string[] {
  const { properties } = schema as { readonly properties: object }
  return Object.keys(properties).sort()
}

/** The first column of the table of the page that begins so. */
function listed(header: string): readonly string[] {
  const [, table = ''] = text.split(`| ${header} |`)
  const [rows = ''] = table.split('\n\n')
  return [...rows.matchAll(/^\| `([a-z_]+)` \| /gm)].map(([, setting = '']) => setting).sort()
}

test('the page lists exactly the settings the plugin takes, and those of a table', () => {
  assert.deepEqual(listed('setting'), namesIn(configSchema))
  const { tables } = configSchema['properties'] as { readonly tables: { readonly additionalProperties: Json } }
  assert.deepEqual(listed('of a table'), namesIn(tables.additionalProperties))
})

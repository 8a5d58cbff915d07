import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import plugin from '../../../../plugins/sql/index.ts'
import { readObjectName } from '../../../../plugins/sql/records/object-name.ts'
import { quoted, quotedTable } from '../../../../plugins/sql/records/quoted.ts'
import { type SqlConfig, type TableConfig, tableSettings } from '../../../../plugins/sql/records/settings.ts'
import { pluginContext } from '../../../support/plugin-context.ts'
import { failureOf } from './ground.ts'

const URL_WITH_SECRET = 'postgres://writer:s3cret@db.example.com/booking'

const validate = new Ajv2020({ strict: false }).compile(plugin.configSchema)

describe('the settings', () => {
  test('take an address alone, and what the database does not say of a table', () => {
    assert.ok(validate({ url: URL_WITH_SECRET }))
    const leads: TableConfig = {
      key: ['tenant', 'email'],
      id: 'id',
      link: 'https://crm.example/leads/{id}',
      links: { companies: 'company_id' },
      submission_column: 'from_submission',
      owner: { column: 'owner_id', table: 'staff', email_column: 'email', name_column: 'full_name' },
    }
    const config: SqlConfig = { url: URL_WITH_SECRET, statement_timeout_ms: 5_000, tables: { leads, 'crm.deals': {} } }
    assert.ok(validate(config), JSON.stringify(validate.errors))
  })

  test('refuse what cannot be meant', () => {
    const table = (leads: object) => ({ url: URL_WITH_SECRET, tables: { leads } })
    for (const config of [
      {},
      { url: 'sqlite://x' },
      { url: URL_WITH_SECRET, table: {} },
      { url: URL_WITH_SECRET, statement_timeout_ms: 10 },
      table({ key: [] }),
      table({ keys: ['email'] }),
      table({ link: 'https://crm.example/leads' }),
      table({ link: 'javascript:{id}' }),
      table({ owner: { table: 'staff' } }),
      table({ links: { companies: '' } }),
    ]) {
      assert.equal(validate(config), false, JSON.stringify(config))
    }
  })

  test('of a table are its own, else the defaults, also for names that every object has', () => {
    const config: SqlConfig = { url: 'x', submission_column: 'run', tables: { leads: { submission_column: 'own' } } }
    assert.equal(tableSettings(config, 'leads').submissionColumn, 'own')
    assert.equal(tableSettings(config, 'deals').submissionColumn, 'run')
    assert.equal(tableSettings({ url: 'x' }, 'constructor').submissionColumn, 'flowgate_submission')
    assert.equal(tableSettings(config, '__proto__').key, undefined)
  })

  test('that name no database are refused without quoting them', async () => {
    for (const url of ['postgres://db.example.com/x', 'postgres://a:s3cret@/x', `${URL_WITH_SECRET}?host=/tmp`]) {
      const made = Promise.resolve(plugin.configure({ url }, pluginContext()))
      const failure = await failureOf(made)
      assert.equal(failure.code, 'FG_SQL_ADDRESS')
      assert.ok(failure.kind === 'permanent' && failure.scope === 'destination')
      assert.doesNotMatch(failure.message, /s3cret|example\.com/)
    }
    const made = Promise.resolve(plugin.configure({ url: URL_WITH_SECRET, tls_ca: './ca.pem' }, pluginContext()))
    assert.match((await failureOf(made)).message, /ca\.pem/)
  })
})

describe('a name', () => {
  test('is quoted as one, whatever stands in it, and a schema apart', () => {
    assert.equal(quoted('postgres', `a"b.c`), `"a""b.c"`)
    assert.equal(quoted('mysql', 'a`b.c'), '`a``b.c`')
    assert.equal(quotedTable('postgres', { schema: 'public', name: 'leads' }), '"public"."leads"')
  })

  test('of a table has at most one dot, and is not longer than servers take', () => {
    assert.deepEqual(readObjectName('leads'), { schema: undefined, name: 'leads' })
    assert.deepEqual(readObjectName('crm.leads'), { schema: 'crm', name: 'leads' })
    for (const object of ['', '.', 'a.', '.a', 'a.b.c', 'x'.repeat(65), 'a\0b']) {
      assert.equal(readObjectName(object), undefined)
    }
  })
})

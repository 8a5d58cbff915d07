import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from 'yaml'
import plugin from '../../../../plugins/sql/index.ts'
import type { SqlConfig } from '../../../../plugins/sql/records/settings.ts'
import { readPage } from '../../../docs/markdown.ts'
import { call, crmOn, type Ground } from './ground.ts'

const { blocks } = readPage('docs/plugins/sql.md')

/** The text of the one block of the page that says all these words. */
function block(...words: readonly string[]): string {
  const [found, ...more] = blocks.filter((each) => words.every((word) => each.words.includes(word)))
  assert.ok(found !== undefined && more.length === 0, words.join(' '))
  return found.text
}

interface MappedRecord {
  readonly id: string
  readonly object: string
  readonly match: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** Registers that the page's own tables, rights, settings and records work in this dialect. */
export function documentationTests(name: string, makeGround: () => Promise<Ground>): void {
  test(`${name}: the example of the page works under the account that the page makes for it`, async () => {
    await using ground = await makeGround()
    await ground.run('drop table leads; drop table companies')
    await ground.run(block('tables'))
    const account = `docs_${randomUUID().replaceAll('-', '').slice(0, 16)}`
    await ground.run(block(ground.dialect, 'grants').replaceAll('flowgate_crm', account))
    const url = new URL(ground.url)
    url.username = account
    url.password = encodeURIComponent('a long random one')
    const { destinations } = parse(block('destination')) as { destinations: { bookings: { config: SqlConfig } } }
    const config = { ...destinations.bookings.config, url: url.href, tls: 'off' } as const
    const validate = new Ajv2020({ strict: false }).compile(plugin.configSchema)
    assert.ok(validate(config), JSON.stringify(validate.errors))
    const { records } = parse(block('records')) as { records: readonly MappedRecord[] }
    try {
      await using crm = await crmOn({ url: url.href }, config)
      const uses = records.map(({ object, match, fields }) => {
        return { object, creates: object === 'leads', matches: [match], fields: Object.keys(fields) }
      })
      const prepared = await crm.prepare(uses, false, call())
      assert.ok(prepared.length > 4)
      assert.deepEqual(
        prepared.filter(({ done }) => !done),
        [],
      )
      const [company, lead] = records
      assert.ok(company !== undefined && lead !== undefined)
      const upsert = { operation: 'upsert', links: [] } as const
      const first = await crm.deliver({ ...company, ...upsert, fields: { id: 1, name: 'Acme' } }, call())
      const fields = { id: 7, email: 'ana@acme.example', full_name: 'Ana', stage: 'new' }
      assert.deepEqual(Object.keys(fields), Object.keys(lead.fields))
      const links = [{ object: company.object, id: first.id }]
      const receipt = await crm.deliver({ ...lead, ...upsert, fields, links }, call())
      assert.deepEqual(receipt, { id: '7', outcome: 'created', url: 'https://crm.example/leads/7' })
      await ground.run(`update leads set owner_email = 'bea@acme.example'`)
      const owner = await crm.ownerOf({ object: 'leads', id: '7' }, call())
      assert.equal(owner?.email, 'bea@acme.example')
      assert.deepEqual(await ground.run('select company_id from leads'), [{ company_id: 1 }])
    } finally {
      const drop = { postgres: `drop owned by ${account}; drop role ${account}`, mysql: `drop user '${account}'@'%'` }
      await ground.run(drop[ground.dialect])
    }
  })
}

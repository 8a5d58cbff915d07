import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, crmOn, type Ground, lead, newLead, told } from './ground.ts'

const LINKED = {
  tables: { leads: { link: 'https://crm.example/leads/{id}?tab=1' }, pairs: { key: ['tenant', 'email'] } },
}

/** Registers what any destination of this plugin promises of what it writes. */
export function writingTests(name: string, makeGround: () => Promise<Ground>): void {
  test(`${name}: an upsert adds a row, and the next changes it and leaves alone what it does not name`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground, LINKED)
    const first = await crm.deliver(lead({ email: 'ana@acme.example', name: 'Ana', age: 30 }), call())
    assert.deepEqual(first, { id: '1', outcome: 'created', url: 'https://crm.example/leads/1?tab=1' })
    const again = await crm.deliver(lead({ email: 'ana@acme.example', name: 'Ana Souza' }), call())
    assert.deepEqual(again, { ...first, outcome: 'updated' })
    const only = await crm.deliver(lead({ email: 'ana@acme.example' }), call())
    assert.deepEqual(only, { ...first, outcome: 'unchanged' })
    const cleared = await crm.deliver(lead({ email: 'ana@acme.example', age: null }), call())
    assert.equal(cleared.outcome, 'updated')
    assert.deepEqual(await ground.run('select id, name, age from leads'), [{ id: 1, name: 'Ana Souza', age: null }])
  })

  test(`${name}: a create is found again by its delivery and left as it is`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    const same = call()
    const first = await crm.deliver(newLead({ name: 'Ana' }), same)
    assert.deepEqual(first, { id: '1', outcome: 'created' })
    await ground.run(`update leads set name = 'tidied by hand'`)
    assert.deepEqual(await crm.deliver(newLead({ name: 'Ana' }), same), first)
    const other = await crm.deliver(newLead({ name: 'Ana' }), call())
    assert.notEqual(other.id, first.id)
    const rows = await ground.run('select name, flowgate_submission from leads order by id')
    assert.deepEqual(
      rows.map((row) => row['name']),
      ['tidied by hand', 'Ana'],
    )
    assert.equal(rows[0]?.['flowgate_submission'], same.idempotencyKey)
  })

  test(`${name}: what the gateway found is written by its id, nothing is looked for and nothing added`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    await ground.run(`insert into leads (email, name) values ('old@acme.example', 'Old'), ('ana@acme.example', 'Ana')`)
    const receipt = await crm.deliver(lead({ name: 'New' }, { existing: '1' }), call())
    assert.deepEqual(receipt, { id: '1', outcome: 'updated' })
    assert.deepEqual(await crm.deliver(lead({}, { existing: '1' }), call()), { id: '1', outcome: 'unchanged' })
    const rows = await ground.run('select email, name from leads order by id')
    assert.deepEqual(
      rows.map((row) => [row['email'], row['name']]),
      [
        ['old@acme.example', 'New'],
        ['ana@acme.example', 'Ana'],
      ],
    )
    for (const existing of ['77', '1 or 1=1', '', 'x']) {
      assert.equal(await told(crm.deliver(lead({ name: 'x' }, { existing }), call())), 'record FG_SQL_GONE')
    }
    assert.equal(await told(crm.update({ object: 'leads', id: '77' }, { name: 'x' }, call())), 'record FG_SQL_GONE')
    await crm.update({ object: 'leads', id: '2' }, { name: null, age: 3 }, call())
    assert.deepEqual(await ground.run('select name, age from leads where id = 2'), [{ name: null, age: 3 }])
  })

  test(`${name}: a record is linked in the same write, by its foreign key or the column that is set`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground, { tables: { leads: { links: { staff: 'owner_id' } } } })
    const company = { id: 'company', object: 'companies', operation: 'upsert', match: 'name', links: [] } as const
    const { id } = await crm.deliver({ ...company, fields: { name: 'Acme' } }, call())
    const links = [
      { object: 'companies', id },
      { object: 'staff', id: '2' },
    ]
    await crm.deliver(lead({ email: 'ana@acme.example' }, { links }), call())
    assert.deepEqual(await ground.run('select company_id, owner_id from leads'), [
      { company_id: Number(id), owner_id: 2 },
    ])
    const nowhere = [{ object: 'pairs', id: '1' }]
    assert.equal(await told(crm.deliver(lead({ email: 'x' }, { links: nowhere }), call())), 'record FG_SQL_LINK')
    const gone = [{ object: 'companies', id: '4711' }]
    const failed = await told(crm.deliver(lead({ email: 'x' }, { links: gone }), call()))
    assert.match(failed, /^record FG_SQL_REFERENCE/)
    assert.equal((await ground.run('select id from leads')).length, 1)
  })

  test(`${name}: a key of several columns finds by all of them`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground, LINKED)
    const pair = (tenant: string | null, name: string) =>
      lead({ tenant, email: 'ana@acme.example', name }, { object: 'pairs' })
    const first = await crm.deliver(pair('a', 'one'), call())
    const second = await crm.deliver(pair('b', 'two'), call())
    assert.notEqual(first.id, second.id)
    assert.deepEqual(await crm.deliver(pair('a', 'three'), call()), { id: first.id, outcome: 'updated' })
    assert.equal(await told(crm.deliver(pair(null, 'x'), call())), 'record FG_SQL_KEY tenant')
    assert.equal(await told(crm.deliver({ ...pair('a', 'x'), match: 'name' }, call())), 'record FG_SQL_KEY name')
    await using alone = await crmOn(ground)
    assert.equal(await told(alone.deliver(pair('a', 'x'), call())), 'destination FG_SQL_NOT_PREPARED')
  })

  test(`${name}: every kind of column takes what a mapping makes, and gives it back`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    const fields = {
      email: 'ana@acme.example',
      notes: `it's "quoted"; -- 😀 \\ %`,
      age: '41',
      score: '12.50',
      vip: 'yes',
      born: '1985-02-28T23:00:00-03:00',
      seen: '2026-11-21T09:30:00.250-03:00',
      seen_at: '2026-11-21T09:30:00.250-03:00',
      stage: `it's known`,
      answers: { a: [1, null], b: `x'"` },
      tags: ['red', 'blue'],
    }
    const { id } = await crm.deliver(lead(fields), call())
    const found = await crm.find({ object: 'leads', field: 'id', value: id, fields: Object.keys(fields) }, call())
    const postgres = ground.dialect === 'postgres'
    const { answers, ...rest } = found ?? {}
    assert.deepEqual(typeof answers === 'string' ? JSON.parse(answers) : answers, fields.answers)
    assert.deepEqual(rest, {
      id,
      email: 'ana@acme.example',
      notes: fields.notes,
      age: 41,
      score: 12.5,
      vip: true,
      born: '1985-02-28',
      seen: postgres ? '2026-11-21T12:30:00.25' : '2026-11-21T12:30:00.250',
      seen_at: postgres ? '2026-11-21T12:30:00.250Z' : '2026-11-21T12:30:00.250',
      stage: `it's known`,
      tags: postgres ? ['red', 'blue'] : 'red,blue',
    })
    await crm.deliver(lead({ email: 'ana@acme.example', notes: ['a', 1], name: 7, vip: false, tags: 'red' }), call())
    const changed = await crm.find(
      { object: 'leads', field: 'id', value: id, fields: ['notes', 'name', 'vip', 'tags'] },
      call(),
    )
    assert.deepEqual(changed, { id, notes: '["a",1]', name: '7', vip: false, tags: postgres ? ['red'] : 'red' })
  })

  test(`${name}: a table in another schema, and names that need quotes, are what they are called`, async () => {
    await using ground = await makeGround()
    const quote = ground.dialect === 'postgres' ? '"' : '`'
    const name = (text: string) => `${quote}${text.replaceAll(quote, quote + quote)}${quote}`
    const table = `odd ${quote}table'; drop table leads; --`
    const column = `E-${quote}mail'; --`
    await ground.run(
      `create table ${name(table)} (${name('Key')} integer primary key, ${name(column)} varchar(40) unique)`,
    )
    await using crm = await crmOn(ground)
    const fields = { [column]: 'ana@acme.example', Key: 5 }
    const record = lead(fields, { object: table, match: column })
    assert.deepEqual(await crm.deliver(record, call()), { id: '5', outcome: 'created' })
    assert.deepEqual(await crm.deliver(record, call()), { id: '5', outcome: 'updated' })
    const [own] = await ground.run(
      `select ${ground.dialect === 'postgres' ? 'current_schema()' : 'database()'} as name`,
    )
    const full = lead({ email: 'x@acme.example' }, { object: `${own?.['name']}.leads` })
    assert.equal((await crm.deliver(full, call())).outcome, 'created')
    assert.equal((await ground.run('select id from leads')).length, 1)
  })

  test(`${name}: a column that came a moment ago is there, and one that went is told`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    const record = lead({ email: 'ana@acme.example', extra: 'x' })
    assert.equal(await told(crm.deliver(record, call())), 'record FG_SQL_COLUMN extra')
    await ground.run('alter table leads add column extra varchar(10)')
    assert.equal((await crm.deliver(record, call())).outcome, 'created')
    await ground.run('alter table leads drop column extra')
    assert.equal(await told(crm.deliver(record, call())), 'retryable FG_SQL_SCHEMA_CHANGED')
    assert.equal(await told(crm.deliver(record, call())), 'record FG_SQL_COLUMN extra')
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ObjectUse, Preparation } from 'flowgate/plugin'
import { call, crmOn, type Ground, lead, newLead, told } from './ground.ts'

const LEADS: ObjectUse = { object: 'leads', creates: true, matches: ['email'], fields: ['email', 'name'] }
const VISITS: ObjectUse = { object: 'visits', creates: true, matches: ['place'], fields: ['place', 'remark'] }

const open = (preparations: readonly Preparation[]) => preparations.filter(({ done }) => !done)

/** Registers what any destination of this plugin promises of its preparation, and of how few rights it needs. */
export function preparingTests(name: string, makeGround: () => Promise<Ground>): void {
  test(`${name}: what stands is done, what is missing is said with its statement, and applied on demand`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    assert.deepEqual(open(await crm.prepare([LEADS], false, call())), [])
    const asked = open(await crm.prepare([VISITS], false, call()))
    assert.deepEqual(
      asked.map(({ description }) => description),
      ['a unique index on visits (place)', 'the unique column flowgate_submission of visits'],
    )
    for (const { byHand } of asked) assert.match(byHand ?? '', /^create unique index .*;$/)
    const visit = lead({ place: 'hall', remark: 'x' }, { object: 'visits', match: 'place' })
    assert.equal(await told(crm.deliver(visit, call())), 'destination FG_SQL_NOT_PREPARED')
    assert.deepEqual(open(await crm.prepare([VISITS], true, call())), [])
    assert.deepEqual(open(await crm.prepare([VISITS], true, call())), [])
    assert.equal((await crm.deliver(visit, call())).outcome, 'created')
    const created = { ...newLead({ place: 'room', remark: 'y' }), object: 'visits' }
    assert.equal((await crm.deliver(created, call())).outcome, 'created')
  })

  test(`${name}: the statements that it prints do what it would have done`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    await ground.run('create table plain (id integer primary key, email varchar(80))')
    const use: ObjectUse = { object: 'plain', creates: true, matches: ['email'], fields: ['email', 'id'] }
    const asked = open(await crm.prepare([use], false, call()))
    assert.equal(asked.length, 2)
    for (const { byHand = '' } of asked) await ground.run(byHand)
    assert.deepEqual(open(await crm.prepare([use], false, call())), [])
    const record = { ...newLead({ id: 1, email: 'a' }), object: 'plain' }
    assert.equal((await crm.deliver(record, call())).outcome, 'created')
  })

  test(`${name}: what only a person can mend is said: doubles, missing columns, no table, a column too short`, async () => {
    await using ground = await makeGround()
    await ground.run(`insert into visits (place, remark) values ('hall', 'x'), ('hall', 'y')`)
    await ground.run('create table short (email varchar(80), flowgate_submission varchar(10) unique)')
    await using crm = await crmOn(ground)
    const uses = [
      { ...VISITS, fields: [...VISITS.fields, 'colour'] },
      { object: 'nowhere', creates: false, matches: [], fields: [] },
      { object: 'short', creates: true, matches: [], fields: ['email'] },
    ]
    const left = open(await crm.prepare(uses, true, call()))
    assert.deepEqual(
      left.map(({ description }) => description),
      [
        'the column colour of visits',
        'a unique index on visits (place)',
        'the table nowhere',
        'a column of short that names its rows',
        'the unique column flowgate_submission of short',
      ],
    )
    assert.match(left[1]?.byHand ?? '', /^create unique index .*; -- rows of the table have the same value there/)
    assert.match(left[4]?.byHand ?? '', /64 characters/)
  })

  test(`${name}: an account that may select, insert and update in one table is enough, and may change no table`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn({ url: ground.writerUrl })
    const health = await crm.health(call())
    assert.ok(health.ok)
    assert.match(health.account, /_writer@test_\S+ on 127\.0\.0\.1:\d+$/)
    assert.deepEqual(open(await crm.prepare([LEADS], false, call())), [])
    const { id } = await crm.deliver(lead({ email: 'ana@acme.example', name: 'Ana' }), call())
    assert.equal((await crm.deliver(lead({ email: 'ana@acme.example', name: 'B' }), call())).outcome, 'updated')
    assert.equal((await crm.deliver(newLead({ name: 'Ana' }), call())).outcome, 'created')
    await crm.update({ object: 'leads', id }, { name: null }, call())
    assert.deepEqual(await crm.find({ object: 'leads', field: 'id', value: id, fields: ['name'] }, call()), { id })
    await ground.run('alter table leads add column colour varchar(9)')
    const use = { ...LEADS, matches: ['colour'], fields: ['colour'] }
    const [index] = open(await crm.prepare([use], true, call()))
    assert.equal(index?.description, 'a unique index on leads (colour)')
    assert.match(index?.byHand ?? '', /the account of the destination may not/)
  })

  test(`${name}: an account that lacks a right is told, and the destination waits for the grant`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn({ url: ground.writerUrl })
    const company = lead({ name: 'Acme' }, { object: 'companies', match: 'name' })
    const expected = ground.dialect === 'postgres' ? 'destination FG_SQL_RIGHTS' : 'record FG_SQL_TABLE'
    assert.equal(await told(crm.deliver(company, call())), expected)
    const writer = decodeURIComponent(new URL(ground.writerUrl).username)
    const account = ground.dialect === 'postgres' ? writer : `'${writer}'@'%'`
    await ground.run(`grant select on companies to ${account}`)
    assert.equal(await told(crm.deliver(company, call())), 'destination FG_SQL_RIGHTS')
    const use = { object: 'companies', creates: false, matches: ['name'], fields: ['name'] }
    const [right] = open(await crm.prepare([use], true, call()))
    assert.match(right?.byHand ?? '', /^grant select, insert, update on .*companies/)
    await ground.run(`grant insert, update on companies to ${account}`)
    assert.equal((await crm.deliver(company, call())).outcome, 'created')
  })
}

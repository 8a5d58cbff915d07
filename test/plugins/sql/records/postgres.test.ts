import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bendingTests } from './bending.ts'
import { enduringTests } from './enduring.ts'
import { findingTests } from './finding.ts'
import { call, crmOn, lead, told } from './ground.ts'
import { postgresGround } from './postgres-ground.ts'
import { preparingTests } from './preparing.ts'
import { refusingTests } from './refusing.ts'
import { writingTests } from './writing.ts'

writingTests('PostgreSQL', postgresGround)
refusingTests('PostgreSQL', postgresGround)
findingTests('PostgreSQL', postgresGround)
preparingTests('PostgreSQL', postgresGround)
enduringTests('PostgreSQL', postgresGround)
bendingTests('PostgreSQL', postgresGround)

test('PostgreSQL: a row that a trigger or a policy keeps away is told as that, and nothing is tried forever', async () => {
  await using ground = await postgresGround()
  const writer = new URL(ground.writerUrl).username
  await ground.run(`
    insert into leads (email, phone, name) values ('hidden', 'b', 'Old'), ('seen', 'b2', 'Old');
    alter table leads enable row level security;
    create policy mine on leads to ${writer} using (phone = 'a') with check (phone = 'a');
    create policy all_seen on leads for select to ${writer} using (email = 'seen');
    create table ignored (id integer primary key, email text unique, name text);
    insert into ignored values (1, 'ana', 'Old');
    create function ignore() returns trigger language plpgsql as 'begin return null; end';
    create trigger ignore before insert or update on ignored for each row execute function ignore();
  `)
  await using crm = await crmOn({ url: ground.writerUrl })
  await using owner = await crmOn(ground)
  const ana = lead({ email: 'ana', phone: 'a', name: 'Ana' })
  assert.equal((await crm.deliver(ana, call())).outcome, 'created')
  assert.equal(await told(crm.deliver(lead({ email: 'bea', phone: 'x' }), call())), 'record FG_SQL_VALUE')
  const kept = [
    () => crm.deliver(lead({ email: 'hidden', phone: 'a' }), call()),
    () => crm.deliver(lead({ email: 'seen', phone: 'a', name: 'New' }), call()),
    () => crm.deliver(lead({ name: 'New' }, { existing: '2' }), call()),
    () => owner.deliver({ ...lead({ id: 1, email: 'ana', name: 'New' }), object: 'ignored' }, call()),
    () => owner.deliver({ ...lead({ id: 2, email: 'bea', name: 'New' }), object: 'ignored' }, call()),
    () => owner.update({ object: 'ignored', id: '1' }, { name: 'New' }, call()),
  ]
  for (const [index, failing] of kept.entries()) {
    assert.equal(await told(failing()), 'record FG_SQL_STATEMENT', String(index))
  }
  assert.equal(await told(owner.update({ object: 'ignored', id: '7' }, { name: 'x' }, call())), 'record FG_SQL_GONE')
  const rows = await ground.run('select email, name from leads union all select email, name from ignored order by 2, 1')
  assert.deepEqual(
    rows.map(({ email, name }) => `${email} ${name}`),
    ['ana Ana', 'ana Old', 'hidden Old', 'seen Old'],
  )
})

test('PostgreSQL: what fills up a char column is no part of a value, nor of the id of a row', async () => {
  await using ground = await postgresGround()
  await ground.run('create table codes (code char(6) primary key, stage char(8), tags char(4)[])')
  const link = 'https://crm.example/{id}/edit'
  await using crm = await crmOn(ground, { tables: { codes: { link } } })
  const record = { ...lead({ code: 'AB', stage: 'new', tags: ['x'] }, { match: 'code' }), object: 'codes' }
  const receipt = await crm.deliver(record, call())
  assert.deepEqual(receipt, { id: 'AB', outcome: 'created', url: 'https://crm.example/AB/edit' })
  const found = await crm.find({ object: 'codes', field: 'id', value: 'AB', fields: ['stage', 'tags'] }, call())
  assert.deepEqual(found, { id: 'AB', stage: 'new', tags: ['x'] })
})

test('PostgreSQL: a look-up by what the type of a column cannot be finds nothing', async () => {
  await using ground = await postgresGround()
  await ground.run(`create table hosts (id integer primary key, address inet, since interval, at time);
    insert into hosts values (1, '10.0.0.1', '1 day', '10:00')`)
  await using crm = await crmOn(ground)
  const find = (field: string, value: string) => crm.find({ object: 'hosts', field, value, fields: [] }, call())
  for (const [field, value] of Object.entries({ address: '10.0.0.1/32', since: '24:00:00', at: '10:00:00' })) {
    assert.deepEqual(await find(field, value), { id: '1' }, field)
    assert.equal(await find(field, 'whatever a person types'), null, field)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OwnerConfig } from '../../../../plugins/sql/records/settings.ts'
import { call, crmOn, failureOf, type Ground, told } from './ground.ts'

/** Registers what any destination of this plugin promises of what it reads. */
export function findingTests(name: string, makeGround: () => Promise<Ground>): void {
  test(`${name}: one row is found with what is not blank in it, none is null, several are candidates`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    await ground.run(`insert into leads (id, email, name, notes, age) values
      (1, 'ana@acme.example', 'Ana', '', null), (2, 'bea@acme.example', 'Same', 'x', 0), (3, 'cai@acme.example', 'Same', 'y', 1)`)
    const look = (field: string, value: string, fields = ['name', 'notes', 'age']) =>
      crm.find({ object: 'leads', field, value, fields }, call())
    assert.deepEqual(await look('email', 'ana@acme.example'), { id: '1', name: 'Ana' })
    assert.deepEqual(await look('id', '2'), { id: '2', name: 'Same', notes: 'x', age: 0 })
    assert.deepEqual(await look('id', '2', ['id']), { id: '2' })
    assert.equal(await look('email', 'nobody@acme.example'), null)
    assert.equal(await look('email', ''), null)
    const failure = await failureOf(look('name', 'Same'))
    assert.ok(failure.kind === 'permanent' && failure.scope === 'record')
    assert.equal(failure.code, 'FG_SQL_AMBIGUOUS')
    assert.deepEqual(failure.candidates?.toSorted(), ['2', '3'])
    assert.doesNotMatch(failure.message, /Same/)
  })

  test(`${name}: who owns a row is told by the row, or by the table of owners`, async () => {
    await using ground = await makeGround()
    await ground.run(`insert into leads (id, email, name, owner_id) values
      (1, 'ana@acme.example', 'bea@acme.example', 1), (2, 'x', null, 2), (3, 'y', null, null), (4, 'z', null, 99)`)
    const who = async (owner: OwnerConfig | undefined, id: string) => {
      await using crm = await crmOn(ground, { tables: { leads: { ...(owner && { owner }) } } })
      return await crm.ownerOf({ object: 'leads', id }, call())
    }
    const staff = { column: 'owner_id', table: 'staff', email_column: 'email', name_column: 'full_name' }
    assert.deepEqual(await who(staff, '1'), { id: '1', email: 'bea@acme.example', name: 'Bea' })
    assert.deepEqual(await who(staff, '2'), { id: '2', name: 'Nobody reachable' })
    assert.equal(await who(staff, '3'), null)
    assert.deepEqual(await who(staff, '4'), { id: '99' })
    assert.equal(await who(staff, '77'), null)
    const row = { column: 'name', email_column: 'name' }
    assert.deepEqual(await who(row, '1'), { id: 'bea@acme.example', email: 'bea@acme.example' })
    assert.equal(await who(row, '2'), null)
    assert.equal(await told(who(undefined, '1')), 'record FG_SQL_OWNER')
    assert.equal(await told(who({ column: 'nobody' }, '1')), 'record FG_SQL_COLUMN nobody')
    assert.equal(await told(who({ column: 'owner_id', table: 'nowhere' }, '1')), 'record FG_SQL_TABLE')
  })

  test(`${name}: a table is described as it is, and what is no table is left out`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    const described = await crm.describe(['leads', 'nothing', 'visits', 'leads'], call())
    assert.deepEqual(
      described.map((object) => object.name),
      ['leads', 'visits'],
    )
    const [leads, visits] = described.map(({ fields }) => new Map(fields.map((field) => [field.name, field])))
    const types = Object.fromEntries([...(leads ?? [])].map(([field, { type }]) => [field, type]))
    assert.deepEqual(types, {
      id: 'number',
      email: 'text',
      phone: 'text',
      name: 'text',
      notes: 'text',
      age: 'number',
      score: 'number',
      vip: 'boolean',
      born: 'date',
      seen: 'datetime',
      seen_at: 'datetime',
      stage: 'choice',
      answers: 'other',
      tags: ground.dialect === 'postgres' ? 'other' : 'choices',
      company_id: 'reference',
      owner_id: 'number',
      flowgate_submission: 'text',
    })
    const email = { name: 'email', label: 'email', type: 'text', required: false, writable: true, unique: true }
    assert.deepEqual(leads?.get('email'), { ...email, maxLength: 120 })
    assert.deepEqual(
      leads?.get('stage')?.options?.map(({ value }) => value),
      ['new', `it's known`, 'customer'],
    )
    assert.deepEqual([leads?.get('id')?.required, leads?.get('id')?.unique], [false, true])
    assert.deepEqual([visits?.get('place')?.required, visits?.get('day')?.required], [true, false])
  })
}

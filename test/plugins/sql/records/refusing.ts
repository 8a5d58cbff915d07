import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AttachedFile, Json } from 'flowgate/plugin'
import { call, crmOn, failureOf, type Ground, lead, newLead, told } from './ground.ts'

const HOSTILE = [
  `'; drop table leads; --`,
  `" or ""="`,
  '`; drop table leads; #',
  `\\'; delete from leads; --`,
  `x' union select current_user --`,
  '$1',
  '?',
  '%',
  '../../x',
  'a/b?c#d',
  '__proto__',
  'constructor',
]

const LONG = 'x'.repeat(300)

/** Registers what any destination of this plugin refuses, and that it does so without harm. */
export function refusingTests(name: string, makeGround: () => Promise<Ground>): void {
  test(`${name}: keys are values, whatever they look like: each finds its own row and no other`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    const ids = new Set<string>()
    for (const email of HOSTILE) {
      const first = await crm.deliver(lead({ email, name: 'a' }), call())
      const second = await crm.deliver(lead({ email, name: 'b' }), call())
      assert.deepEqual(second, { id: first.id, outcome: 'updated' }, email)
      const found = await crm.find({ object: 'leads', field: 'email', value: email, fields: ['name'] }, call())
      assert.deepEqual(found, { id: first.id, name: 'b' }, email)
      assert.equal(await crm.find({ object: 'leads', field: 'id', value: email, fields: [] }, call()), null, email)
      ids.add(first.id)
    }
    const rows = await ground.run('select email from leads order by id')
    assert.deepEqual(
      rows.map((row) => row['email']),
      HOSTILE,
    )
    assert.equal(ids.size, HOSTILE.length)
  })

  test(`${name}: a key that is missing, blank, too long or no text at all is refused, and nothing is written`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    const keys: readonly (readonly [Json, string])[] = [
      [null, 'KEY'],
      ['', 'KEY'],
      [' \t\n', 'KEY'],
      ['ana\0@acme.example', 'VALUE'],
      ['\ud800', 'VALUE'],
      [LONG, 'VALUE'],
      [['a'], 'VALUE'],
      [{ toSqlString: 'now()' }, 'VALUE'],
    ]
    for (const [email, code] of keys) {
      const failed = await told(crm.deliver(lead({ email, name: 'x' }), call()))
      assert.equal(failed, `record FG_SQL_${code} email`, JSON.stringify(email))
      if (typeof email !== 'string') continue
      assert.equal(await crm.find({ object: 'leads', field: 'email', value: email, fields: [] }, call()), null)
    }
    assert.equal(await told(crm.deliver(lead({ name: 'x' }), call())), 'record FG_SQL_KEY email')
    const { match: _, ...without } = lead({ email: 'x' })
    assert.equal(await told(crm.deliver(without, call())), 'record FG_SQL_KEY')
    assert.deepEqual(await ground.run('select id from leads'), [])
  })

  test(`${name}: a number is found by a number and not by what begins with one`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    await ground.run(`insert into leads (id, email) values (0, 'zero'), (12, 'twelve')`)
    const by = (value: string) => crm.find({ object: 'leads', field: 'id', value, fields: ['email'] }, call())
    assert.deepEqual(await by('12'), { id: '12', email: 'twelve' })
    for (const value of ['12abc', 'abc', '1e1', '12.0000000001', '0x0c', '99999999999999999999']) {
      assert.equal(await by(value), null, value)
    }
  })

  test(`${name}: fields and objects that are none never come near a statement`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    for (const field of [...HOSTILE, LONG, '', 'na\0me', 'NAME', 'leads.name', 'name = 1, age']) {
      const fields = { email: 'x', ...Object.fromEntries([[field, 'y']]) }
      assert.equal(await told(crm.deliver(lead(fields), call())), `record FG_SQL_COLUMN ${field}`)
      assert.equal(await told(crm.deliver(newLead(fields), call())), `record FG_SQL_COLUMN ${field}`)
      assert.equal(
        await told(crm.update({ object: 'leads', id: '1' }, fields, call())),
        `record FG_SQL_COLUMN ${field}`,
      )
      const look = { object: 'leads', field, value: 'x', fields: [] }
      assert.equal(await told(crm.find(look, call())), `record FG_SQL_COLUMN ${field}`)
      const wanted = { object: 'leads', field: 'email', value: 'x', fields: [field] }
      assert.equal(await told(crm.find(wanted, call())), `record FG_SQL_COLUMN ${field}`)
    }
    const system = ['pg_catalog.pg_class', 'pg_class', 'information_schema.tables', 'mysql.user', 'leads.leads.leads']
    for (const object of [...HOSTILE, ...system, LONG, '', '.', 'le\0ads', 'LEADS', 'public."leads"']) {
      assert.equal(await told(crm.deliver(lead({ email: 'x' }, { object }), call())), 'record FG_SQL_TABLE', object)
      assert.deepEqual(await crm.describe([object], call()), [])
      const use = { object, creates: true, matches: ['email'], fields: ['email'] }
      const [prepared, ...more] = await crm.prepare([use], true, call())
      assert.ok(prepared?.done === false && more.length === 0)
    }
    assert.deepEqual(await ground.run('select id from leads'), [])
  })

  test(`${name}: values that a column does not hold are named, all of them, and not quoted`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    const typed = 'typed-by-a-person'
    const fields = {
      age: typed,
      score: typed,
      vip: typed,
      born: typed,
      seen: typed,
      stage: typed,
      name: typed.repeat(9),
    }
    const failure = await failureOf(crm.deliver(lead({ email: 'x', ...fields, notes: 'fine' }), call()))
    assert.ok(failure.kind === 'permanent' && failure.scope === 'record')
    assert.deepEqual(failure.fields, Object.keys(fields))
    assert.doesNotMatch(failure.message, /typed/)
    assert.match(failure.message, /name is longer than 40 characters/)
    for (const [field, value] of [
      ['age', 1.5],
      ['age', 2_147_483_648],
      ['born', '2026-02-30'],
      ['born', '1/8/2026'],
      ['seen', 'tomorrow'],
      ['notes', 'a\0b'],
      ['answers', { deep: ['a\0b'] }],
    ] as const) {
      assert.equal(
        await told(crm.deliver(lead({ email: 'x', [field]: value }), call())),
        `record FG_SQL_VALUE ${field}`,
      )
    }
    assert.match(await told(crm.deliver(lead({ email: 'x', age: -1 }), call())), /^record FG_SQL_VALUE/)
    const visit = lead({ place: 'x', remark: null }, { object: 'visits', operation: 'create' })
    await ground.run('create unique index visit_once on visits (flowgate_submission)')
    assert.equal(await told(crm.deliver(visit, call())), 'record FG_SQL_VALUE remark')
    const lacking = lead({ place: 'x' }, { object: 'visits', operation: 'create' })
    assert.equal(await told(crm.deliver(lacking, call())), 'record FG_SQL_VALUE remark')
    assert.deepEqual(await ground.run('select id from visits'), [])
    assert.deepEqual(await ground.run('select id from leads'), [])
  })

  test(`${name}: what another row has already is not taken from it, and the row in question is not made twice`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    await ground.run(
      `insert into leads (email, phone) values ('one@acme.example', '+5511'), ('two@acme.example', '+5512')`,
    )
    const taken = await failureOf(crm.deliver(lead({ email: 'new@acme.example', phone: '+5511' }), call()))
    assert.ok(taken.kind === 'permanent' && taken.code === 'FG_SQL_TAKEN')
    assert.deepEqual([taken.scope, taken.fields], ['record', ['phone']])
    assert.doesNotMatch(taken.message, /5511/)
    const changed = lead({ email: 'two@acme.example', phone: '+5511' })
    assert.equal(await told(crm.deliver(changed, call())), 'record FG_SQL_TAKEN phone')
    const created = newLead({ email: 'one@acme.example' })
    assert.equal(await told(crm.deliver(created, call())), 'record FG_SQL_TAKEN email')
    assert.deepEqual(
      (await ground.run('select phone from leads order by id')).map((row) => row['phone']),
      ['+5511', '+5512'],
    )
  })

  test(`${name}: files are refused before anything is written`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    const file: AttachedFile = { name: 'a.jpg', mediaType: 'image/jpeg', read: async () => new Uint8Array() }
    assert.equal(await told(crm.deliver(lead({ email: 'x' }, { files: [file] }), call())), 'record FG_SQL_FILES')
    assert.equal((await crm.deliver(lead({ email: 'y' }, { files: [] }), call())).outcome, 'created')
    assert.equal((await ground.run('select id from leads')).length, 1)
  })

  test(`${name}: a table that cannot be written safely stops the destination and says what to do`, async () => {
    await using ground = await makeGround()
    await using crm = await crmOn(ground)
    const stops = async (record: Parameters<typeof crm.deliver>[0], words: RegExp) => {
      const failure = await failureOf(crm.deliver(record, call()))
      assert.equal(failure.code, 'FG_SQL_NOT_PREPARED')
      assert.ok(failure.kind === 'permanent' && failure.scope === 'destination')
      assert.match(failure.message, words)
      assert.match(failure.message, /flowgate destinations prepare/)
    }
    await stops(lead({ name: 'x' }, { match: 'name' }), /unique index of exactly name/)
    await stops(lead({ place: 'x', remark: 'y' }, { object: 'visits', operation: 'create' }), /flowgate_submission/)
    const chosen = { place: 'x', remark: 'y' }
    const own = lead(chosen, { object: 'visits', operation: 'create', separate: true })
    const alone = await failureOf(crm.deliver(own, call()))
    assert.ok(alone.kind === 'permanent' && alone.scope === 'record' && alone.code === 'FG_SQL_NOT_PREPARED')
    assert.match(alone.message, /flowgate_submission.*add what is missing.*choose one of the records/)
    assert.doesNotMatch(alone.message, /destinations prepare/)
    await ground.run('create table bare (email varchar(80) unique)')
    await stops(lead({ email: 'x' }, { object: 'bare' }), /names none/)
    await using named = await crmOn(ground, { tables: { bare: { id: 'email' } } })
    const receipt = await named.deliver(lead({ email: 'x' }, { object: 'bare' }), call())
    assert.deepEqual(receipt, { id: 'x', outcome: 'created' })
  })
}

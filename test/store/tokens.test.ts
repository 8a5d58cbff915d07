import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Pool } from 'pg'
import { createTokenMint, type TokenMint } from '../../src/receive/mint-token.ts'
import { createPool } from '../../src/store/pool.ts'
import { loadSessions } from '../../src/store/sessions.ts'
import { testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

let database: TestDatabase
let pool: Pool
let mint: TokenMint
const clock = testClock()

before(async () => {
  database = await testDatabase()
  pool = createPool({ url: database.url, max: 2, name: 'test' })
  const fieldsOf = (_flow: string, version: string | undefined) =>
    new Set(version === '1' ? ['email'] : ['email', 'company'])
  const knowsFlow = (flow: string) => flow === 'lead'
  mint = createTokenMint({ pool, clock, secret: 'signs', knowsFlow, fieldsOf, versionsOf: () => ['2', '1'] })
})

after(async () => {
  await pool.end()
  await database[Symbol.asyncDispose]()
})

const lead = { flow: 'lead', person: {}, source: {}, prefill: {} }

test('a token names its person, and keeps the version that its message opens', async () => {
  const person = { phone: '+55 11 99999-0000' }
  const first = await mint.mint({ ...lead, person, version: '1', prefill: { email: 'a@b.c' } })
  const second = await mint.mint({ ...lead, person: { phone: '+5511999990000', plan: 'gold' } })
  const nobody = await mint.mint({ ...lead, person: { plan: 'gold' } })
  const keys = [first, second, nobody].map(({ token }) => ({ flow: 'lead', token }))
  const bindings = (await loadSessions(pool, keys)).map(({ binding }) => binding)
  assert.deepEqual(
    bindings.map((binding) => binding?.version),
    ['1', undefined, undefined],
  )
  assert.match(bindings[0]?.personKey ?? '', /^[\w-]{43}$/)
  assert.deepEqual([bindings[1]?.personKey, bindings[2]?.personKey], [bindings[0]?.personKey, undefined])
})

test('a token of the sender is registered in the same way', async () => {
  const person = { user_id: 'BR.1' }
  await mint.mint({ ...lead, person, token: 'my-own-token-1' })
  await mint.mint({ ...lead, person, token: 'my-own-token-2' })
  const { rows } = await pool.query(`select distinct person_key from tokens where token like 'my-own-%'`)
  assert.equal(rows.length, 1)
  assert.notEqual(rows[0].person_key, null)
})

test('a version the flow does not have, or a field that this version does not have, is refused with what there is', async () => {
  await assert.rejects(mint.mint({ ...lead, version: '3' }), {
    code: 'FG_TOKEN_VERSION',
    message: 'flow lead has no version "3"; it has 2, 1',
  })
  const prefill = { company: 'Acme' }
  await assert.rejects(mint.mint({ ...lead, version: '1', prefill }), { code: 'FG_TOKEN_PREFILL' })
  await mint.mint({ ...lead, version: '2', prefill })
  await mint.mint({ ...lead, prefill })
})

test('revoking ends a token once', async () => {
  const { token } = await mint.mint(lead)
  assert.deepEqual(
    [await mint.revoke(token), await mint.revoke(token), await mint.revoke('unknown')],
    [true, false, false],
  )
  const [loaded] = await loadSessions(pool, [{ flow: 'lead', token }])
  assert.deepEqual(loaded?.binding?.revokedAt, clock.now())
})

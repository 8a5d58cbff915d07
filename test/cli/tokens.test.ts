import assert from 'node:assert/strict'
import { test } from 'node:test'
import { personKey } from '../../src/flow/person-key.ts'
import { createPool } from '../../src/store/pool.ts'
import { testDatabase } from '../support/database.ts'
import { CONFIG } from './seed.ts'
import { run } from './terminal.ts'

test('tokens mint prints the token alone, bound to person, source, answers, language and time; revoke ends it once', async () => {
  await using database = await testDatabase()
  const env = { DATABASE_URL: database.url, FLOWGATE_CONFIG: CONFIG, FLOWGATE_SECRET: 'signs' }
  const argv = ['tokens', 'mint', 'lead-gen', '--person', 'phone=+5511999990000', '--person', 'plan=gold=yes']
  const more = [
    '--source',
    'campaign=spring',
    '--source',
    'referral.source_id=1202',
    '--source',
    'referral.headline=Try=it',
    '--prefill',
    'email=ana@acme.com',
    '--language',
    'pt_BR',
    '--expires-in',
    '2h',
  ]
  const before = Date.now()
  const minted = await run([...argv, ...more], env)
  assert.equal(minted.code, 0, minted.err)
  assert.match(minted.out, /^\S{20,64}\n$/)
  assert.match(minted.err, /^Opens lead-gen until 2\S+\.\n$/)
  const token = minted.out.trim()
  const pool = createPool({ url: database.url, max: 1, name: 'test' })
  try {
    const { rows } = await pool.query('select * from tokens')
    assert.equal(rows.length, 1)
    const [row] = rows
    assert.equal(row.token, token)
    assert.deepEqual(row.person, { phone: '+5511999990000', plan: 'gold=yes' })
    assert.deepEqual(
      [row.source, row.prefill, row.language],
      [{ campaign: 'spring', referral: { source_id: '1202', headline: 'Try=it' } }, { email: 'ana@acme.com' }, 'pt_BR'],
    )
    assert.deepEqual([row.version, row.person_key], [null, personKey({ phone: '+5511999990000' })])
    assert.ok(row.expires_at.getTime() >= before + 7_200_000 && row.expires_at.getTime() < before + 7_260_000)
  } finally {
    await pool.end()
  }
  assert.equal((await run(['tokens', 'revoke', token], env)).code, 0)
  const again = await run(['tokens', 'revoke', token, '--json'], env)
  assert.equal(again.code, 1)
  assert.deepEqual(JSON.parse(again.out), { ok: false, revoked: false })
})

test('a token is bound to the version that its message opens where one is named', async () => {
  await using database = await testDatabase()
  const env = { DATABASE_URL: database.url, FLOWGATE_CONFIG: CONFIG, FLOWGATE_SECRET: 'signs' }
  const argv = ['tokens', 'mint', 'lead-gen', '--flow-version', '1', '--prefill', 'email=ana@acme.com']
  const { code, err } = await run(argv, env)
  assert.equal(code, 0, err)
  const pool = createPool({ url: database.url, max: 1, name: 'test' })
  const { rows } = await pool.query('select version from tokens')
  await pool.end()
  assert.deepEqual(rows, [{ version: '1' }])
})

test('with --json the token comes as one object', async () => {
  await using database = await testDatabase()
  const env = { DATABASE_URL: database.url, FLOWGATE_CONFIG: CONFIG, FLOWGATE_SECRET: 'signs' }
  const { out, err } = await run(['tokens', 'mint', 'lead-gen', '--json'], env)
  assert.equal(err, '')
  assert.deepEqual(Object.keys(JSON.parse(out)), ['ok', 'flow', 'token', 'expires_at'])
})

test('what stands in the way of a token is said, with exit code 2', async () => {
  await using database = await testDatabase()
  const env = { DATABASE_URL: database.url, FLOWGATE_CONFIG: CONFIG, FLOWGATE_SECRET: 'signs' }
  const cases: readonly [readonly string[], object, RegExp][] = [
    [['lead-gne'], env, /no flow "lead-gne": did you mean `lead-gen`/],
    [['lead-gen', '--prefill', 'emial=x'], env, /no field "emial": did you mean `email`/],
    [['lead-gen', '--flow-version', '99'], env, /--flow-version: the flow has no version "99": it has 1\b/],
    [['lead-gen', '--source', 'campain=x'], env, /--source: source\.campain is not known: did you mean `campaign`/],
    [['lead-gen', '--source', 'referral.ad=x'], env, /source\.referral\.ad is not known: known are source_type/],
    [['lead-gen', '--person', 'phone'], env, /--person phone: write it as name=value/],
    [['lead-gen', '--expires-in', 'soon'], env, /--expires-in soon: write a duration as 30m, 48h or 7d/],
    [['lead-gen'], { ...env, FLOWGATE_SECRET: undefined }, /FLOWGATE_SECRET is not set/],
    [['lead-gen', '--token', 'short'], env, /8 to 64 characters/],
  ]
  for (const [argv, environment, said] of cases) {
    const { code, err } = await run(['tokens', 'mint', ...argv], { ...environment })
    assert.equal(code, 2, argv.join(' '))
    assert.match(err, said)
  }
})

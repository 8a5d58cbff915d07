import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError, type ObtainedToken } from 'flowgate/plugin'
import { createPool } from '../../src/store/pool.ts'
import { eventually } from '../support/eventually.ts'
import { going, tokenStage, tokenVendor } from './token-stage.ts'

const asked = (vendor: ReturnType<typeof tokenVendor>, stale?: string) => ({
  name: 'oauth',
  signal: going,
  obtain: vendor.obtain,
  ...(stale === undefined ? {} : { stale }),
})

test('of two processes with many calls each, one obtains, and all have its token', async () => {
  await using stage = await tokenStage()
  const vendor = tokenVendor(new Date(stage.clock.now().getTime() + 3_600_000))
  const [one, two] = [stage.process(), stage.process()]
  const tokens = await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : two).get('crm', asked(vendor))),
  )
  assert.equal(vendor.kept.length, 1)
  for (const token of tokens) assert.deepEqual(token, tokens[0])
  const later = await stage.process().get('crm', asked(vendor))
  assert.deepEqual(later, tokens[0], 'with its date and all that the vendor said')
  assert.equal(vendor.kept.length, 1)
})

test('a token that was refused is renewed once for all, with what was kept; who has an older one gets the newer', async () => {
  await using stage = await tokenStage()
  const vendor = tokenVendor()
  const [one, two] = [stage.process(), stage.process()]
  await one.get('crm', asked(vendor))
  await two.get('crm', asked(vendor))
  const renewed = await Promise.all([
    one.get('crm', asked(vendor, 'access-1')),
    two.get('crm', asked(vendor, 'access-1')),
    one.get('crm', asked(vendor, 'access-1')),
  ])
  assert.deepEqual(
    renewed.map(({ accessToken }) => accessToken),
    ['access-2', 'access-2', 'access-2'],
  )
  assert.deepEqual(
    vendor.kept.map((before) => before?.refreshToken),
    [undefined, 'refresh-1'],
  )
})

test('a token is renewed a minute before it ends', async () => {
  await using stage = await tokenStage()
  const vendor = tokenVendor(new Date(stage.clock.now().getTime() + 300_000))
  const tokens = stage.process()
  await tokens.get('crm', asked(vendor))
  stage.clock.advance(239_000)
  assert.equal((await tokens.get('crm', asked(vendor))).accessToken, 'access-1')
  stage.clock.advance(1_000)
  assert.equal((await tokens.get('crm', asked(vendor))).accessToken, 'access-2')
})

test('tokens of other names, destinations and sources are others', async () => {
  await using stage = await tokenStage()
  const vendor = tokenVendor()
  const tokens = stage.process()
  for (const place of ['crm', 'sources/crm']) {
    for (const name of ['oauth', 'other']) await tokens.get(place, { ...asked(vendor), name })
  }
  assert.equal(vendor.kept.length, 4)
})

test('nothing readable is in the database or the log; another secret opens nothing and obtains anew', async () => {
  await using stage = await tokenStage()
  const vendor = tokenVendor()
  await stage.process('first').get('crm', asked(vendor))
  const { rows } = await stage.pool.query('select *, encode(sealed, $1) as text from access_tokens', ['escape'])
  assert.equal(rows.length, 1)
  assert.doesNotMatch(JSON.stringify(rows) + stage.lines.join(), /access-1|refresh-1/)
  const changed = stage.process('second')
  assert.equal((await changed.get('crm', asked(vendor))).accessToken, 'access-2')
  assert.equal(vendor.kept[1], undefined)
  assert.equal(stage.lines.filter((line) => line.includes('access_token.unreadable')).length, 1)
  const again = await stage.process('second').get('crm', asked(vendor))
  assert.equal(again.accessToken, 'access-2', 'it was kept under the new secret')
})

test('what is moved to another place does not open there', async () => {
  await using stage = await tokenStage()
  const vendor = tokenVendor()
  await stage.process().get('crm', asked(vendor))
  await stage.pool.query(`update access_tokens set destination = 'other'`)
  assert.equal((await stage.process().get('other', asked(vendor))).accessToken, 'access-2')
})

test('without a secret each process has tokens of its own, and says so once', async () => {
  await using stage = await tokenStage()
  const vendor = tokenVendor()
  const [one, two] = [stage.withoutSecret(), stage.withoutSecret()]
  await Promise.all([one.get('crm', asked(vendor)), one.get('crm', asked(vendor)), one.get('b', asked(vendor))])
  await two.get('crm', asked(vendor))
  assert.equal(vendor.kept.length, 3)
  assert.equal((await stage.pool.query('select from access_tokens')).rowCount, 0)
  assert.equal(stage.lines.filter((line) => line.includes('access_tokens.kept_in_memory')).length, 2, 'once in each')
})

test('a process that died while it obtained is waited for no longer than it had claimed', async () => {
  await using stage = await tokenStage()
  const vendor = tokenVendor()
  await stage.pool.query(
    `insert into access_tokens (destination, name, claim, claimed_until, updated_at)
     values ('crm', 'oauth', 'prc_died', clock_timestamp() + interval '20 seconds', clock_timestamp())`,
  )
  const getting = stage.process().get('crm', asked(vendor))
  await assert.rejects(
    stage.process().get('crm', { ...asked(vendor), signal: AbortSignal.timeout(150) }),
    { name: 'TimeoutError' },
    'who cannot wait gives up alone',
  )
  assert.equal(vendor.kept.length, 0)
  await stage.pool.query(`update access_tokens set claimed_until = clock_timestamp()`)
  assert.equal((await getting).accessToken, 'access-1')
})

test('who gives up does not break off what others wait for', async () => {
  await using stage = await tokenStage()
  const giving = new AbortController()
  const finish = Promise.withResolvers<ObtainedToken>()
  let asking = 0
  const obtain = () => {
    asking += 1
    return finish.promise
  }
  const tokens = stage.process()
  const first = tokens.get('crm', { name: 'oauth', signal: giving.signal, obtain })
  const other = tokens.get('crm', { name: 'oauth', signal: going, obtain })
  giving.abort(new Error('too long'))
  await assert.rejects(first, /too long/)
  await eventually(() => asking === 1)
  finish.resolve({ accessToken: 'late' })
  assert.equal((await other).accessToken, 'late')
})

test('what the vendor says against it reaches the caller as it is, and the next one may try at once', async () => {
  await using stage = await tokenStage()
  const vendor = tokenVendor()
  const refused = new FailureError({ kind: 'permanent', scope: 'destination', code: 'INVALID_GRANT', message: 'no' })
  const [one, two] = [stage.process(), stage.process()]
  await assert.rejects(one.get('crm', { ...asked(vendor), obtain: () => Promise.reject(refused) }), refused)
  assert.equal((await two.get('crm', asked(vendor))).accessToken, 'access-1')
})

test('a vendor that gives the refused token once more is not asked without end', async () => {
  await using stage = await tokenStage()
  let times = 0
  const obtain = async () => {
    times += 1
    return { accessToken: 'same' }
  }
  const tokens = stage.process()
  await tokens.get('crm', { name: 'oauth', signal: going, obtain })
  const again = await tokens.get('crm', { name: 'oauth', signal: going, obtain, stale: 'same' })
  assert.deepEqual([again.accessToken, times], ['same', 2])
})

test('without the database a good token stays in use, and what cannot be known is tried later', async () => {
  await using stage = await tokenStage()
  const vendor = tokenVendor()
  const gone = createPool({ url: 'postgres://nobody@127.0.0.1:1/none', max: 1, name: 'gone' })
  const error: unknown = await stage
    .process('s3cret', gone)
    .get('crm', asked(vendor))
    .catch((thrown) => thrown)
  assert.ok(error instanceof FailureError && error.failure.kind === 'rate-limited')
  assert.equal(error.failure.code, 'FG_ACCESS_TOKEN_UNKNOWN')
  assert.equal(vendor.kept.length, 0)
  await gone.end()
  const breaking = createPool({ url: stage.pool.options.connectionString ?? '', max: 1, name: 'breaking' })
  const tokens = stage.process('s3cret', breaking)
  const obtain = async (before: ObtainedToken | undefined) => {
    await breaking.end()
    return vendor.obtain(before)
  }
  assert.equal((await tokens.get('crm', { ...asked(vendor), obtain })).accessToken, 'access-1')
  assert.equal((await tokens.get('crm', asked(vendor))).accessToken, 'access-1')
  assert.ok(stage.lines.some((line) => line.includes('access_token.not_saved')))
})

test('a token that the database did not take at first is there before another process uses the old one up', async () => {
  await using stage = await tokenStage()
  const vendor = tokenVendor()
  const [one, two] = [stage.process(), stage.process()]
  await one.get('crm', asked(vendor))
  await two.get('crm', asked(vendor))
  const obtain = async (before: ObtainedToken | undefined) => {
    await stage.pool.query('alter table access_tokens rename to out_of_reach')
    return vendor.obtain(before)
  }
  const renewed = await one.get('crm', { ...asked(vendor, 'access-1'), obtain })
  assert.equal(renewed.accessToken, 'access-2')
  assert.ok(stage.lines.some((line) => line.includes('access_token.not_saved')))
  await stage.pool.query('alter table out_of_reach rename to access_tokens')
  assert.deepEqual(await two.get('crm', asked(vendor, 'access-1')), renewed)
  assert.deepEqual(
    vendor.kept.map((before) => before?.refreshToken),
    [undefined, 'refresh-1'],
  )
})

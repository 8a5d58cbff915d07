import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../../../support/eventually.ts'
import { freePort } from '../../../support/free-port.ts'
import { call, failureOf, type Ground, sourceOn, type Words } from './ground.ts'

/** Registers what any source of this plugin promises when something hangs, breaks or is not there. */
export function enduringTests(name: string, makeGround: () => Promise<Ground>, words: Words): void {
  const QUERIES = `
    -- name: hang
    select ${words.sleep} as slept where ${words.typed} <> ''
    -- name: one
    select id from slots where id = 1
  `

  test(`${name}: an abort ends a query that hangs, at once here and soon on the server, and the pool goes on`, async () => {
    await using ground = await makeGround()
    await using source = await sourceOn(ground, QUERIES, { connections: 1 })
    for (let time = 0; time < 3; time += 1) {
      const abort = new AbortController()
      const hanging = failureOf(source.read('hang', { typed: 'x' }, call(undefined, abort.signal)))
      await eventually(async () => (await ground.running(words.sleep)) === 1)
      abort.abort()
      // At once: not even one question to the server is answered before.
      const failure = await Promise.race([hanging, ground.run('select 1 as one')])
      assert.deepEqual(failure, {
        kind: 'retryable',
        code: 'FG_SQL_SOURCE_TIMEOUT',
        message: 'The database did not answer in time, and the statement was ended.',
      })
      assert.deepEqual(await source.read('one', {}, call()), [{ id: 1 }])
      await eventually(async () => (await ground.running(words.sleep)) === 0)
    }
  })

  test(`${name}: whoever waits for a connection can give up, and nobody loses theirs by it`, async () => {
    await using ground = await makeGround()
    await using source = await sourceOn(ground, QUERIES, { connections: 1 })
    const first = new AbortController()
    const hanging = failureOf(source.read('hang', { typed: 'x' }, call(undefined, first.signal)))
    await eventually(async () => (await ground.running(words.sleep)) === 1)
    const second = new AbortController()
    const waiting = failureOf(source.read('one', {}, call(undefined, second.signal)))
    const third = source.read('one', {}, call())
    second.abort()
    assert.equal((await waiting).code, 'FG_SQL_SOURCE_TIMEOUT')
    const already = await failureOf(source.read('one', {}, call(undefined, AbortSignal.abort())))
    assert.equal(already.code, 'FG_SQL_SOURCE_TIMEOUT')
    first.abort()
    assert.equal((await hanging).code, 'FG_SQL_SOURCE_TIMEOUT')
    assert.deepEqual(await third, [{ id: 1 }])
    assert.deepEqual(await source.read('one', {}, call()), [{ id: 1 }])
  })

  test(`${name}: a connection lost in the middle of a query is a failure that passes, and the next query has another`, async () => {
    await using ground = await makeGround()
    await using source = await sourceOn(ground, QUERIES, { connections: 1 })
    const hanging = failureOf(source.read('hang', { typed: 'x' }, call()))
    await eventually(async () => (await ground.running(words.sleep)) === 1)
    await ground.killConnections()
    const failure = await hanging
    assert.equal(failure.kind, 'retryable')
    assert.match(failure.code, /^FG_SQL_SOURCE_UN(REACHABLE|AVAILABLE)$/)
    assert.deepEqual(await source.read('one', {}, call()), [{ id: 1 }])
  })

  test(`${name}: connections that break while nobody uses them are replaced`, async () => {
    await using ground = await makeGround()
    await using source = await sourceOn(ground, QUERIES, { connections: 3 })
    await Promise.all([1, 2, 3].map(() => source.read('one', {}, call())))
    await ground.killConnections()
    await eventually(async () => Array.isArray(await source.read('one', {}, call())))
    for (let time = 0; time < 5; time += 1) assert.deepEqual(await source.read('one', {}, call()), [{ id: 1 }])
  })

  test(`${name}: a login that is refused and a database that is not there concern the whole source`, async () => {
    await using ground = await makeGround()
    const [password, database] = [new URL(ground.url), new URL(ground.url)]
    password.password = 'wrong-password'
    database.pathname = '/nowhere'
    for (const url of [password.href, database.href]) {
      await using source = await sourceOn({ url }, QUERIES)
      const failure = await failureOf(source.read('one', {}, call()))
      assert.ok(failure.kind === 'permanent' && failure.scope === 'destination')
      assert.equal(failure.code, 'FG_SQL_SOURCE_LOGIN')
      assert.doesNotMatch(failure.message, /wrong-password/)
      assert.deepEqual(await source.health(call()), { ok: false, failure })
    }
  })

  test(`${name}: where nobody listens the failure passes, and where nobody encrypts as they must it does not`, async () => {
    await using ground = await makeGround()
    const elsewhere = new URL(ground.url)
    elsewhere.port = String(await freePort())
    await using unreachable = await sourceOn({ url: elsewhere.href }, QUERIES)
    const failure = await failureOf(unreachable.read('one', {}, call()))
    assert.equal(failure.kind, 'retryable')
    assert.equal(failure.code, 'FG_SQL_SOURCE_UNREACHABLE')
    assert.match(failure.message, /ECONNREFUSED/)
    assert.deepEqual(await unreachable.health(call()), { ok: false, failure })

    const byName = new URL(ground.url)
    byName.hostname = 'localhost'
    await using open = await sourceOn({ url: byName.href }, QUERIES, { tls: 'verified' })
    const refused = await failureOf(open.read('one', {}, call()))
    assert.ok(refused.kind === 'permanent' && refused.scope === 'destination')
    assert.equal(refused.code, 'FG_SQL_SOURCE_TLS')
  })

  test(`${name}: closing twice is harmless, and a closed source answers nobody`, async () => {
    await using ground = await makeGround()
    const source = await sourceOn(ground, QUERIES)
    assert.deepEqual(await source.read('one', {}, call()), [{ id: 1 }])
    await Promise.all([source.close(), source.close()])
    await source.close()
    assert.equal((await failureOf(source.read('one', {}, call()))).kind, 'retryable')
  })
}

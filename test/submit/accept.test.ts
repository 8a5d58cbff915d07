import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { leadMappingFile, mappingOf } from '../support/flow.ts'
import { type AcceptStage, acceptStage, answer, finished, mapping, NOW } from './accept-stage.ts'

let stage: AcceptStage
const accept: AcceptStage['accept'] = (form) => stage.accept(form)
const count: AcceptStage['count'] = (from, values) => stage.count(from, values)

before(async () => {
  stage = await acceptStage()
})

after(() => stage[Symbol.asyncDispose]())

describe('accepting a finished form', () => {
  test('stores the submission, its deliveries and the first jobs together', async () => {
    const acceptance = await accept(finished({ email: 'one@acme.com', full_name: 'One' }))
    assert.equal(acceptance.kind, 'accepted')
    assert.ok(acceptance.kind === 'accepted')
    const { rows } = await stage.pool.query(
      'select kind, item, destination, state, waits_for from deliveries where submission_id = $1 order by item',
      [acceptance.submissionId],
    )
    assert.deepEqual(rows, [
      { kind: 'record', item: 'contact', destination: 'crm', state: 'pending', waits_for: [] },
      { kind: 'record', item: 'deal', destination: 'crm', state: 'waiting', waits_for: ['contact'] },
      { kind: 'notification', item: 'tell', destination: 'chat', state: 'waiting', waits_for: ['contact'] },
    ])
    const job = `pgboss.job where data->>'deliveryId' in
      (select id from deliveries where submission_id = $1 and state = 'pending')`
    assert.equal(await count(job, [acceptance.submissionId]), 1)
    assert.equal(await count('sessions where submission_id = $1', [acceptance.submissionId]), 1)
  })

  test('marks records with whose they are, and messages with when they are late', async () => {
    const forms = [
      { email: ' Whose@Acme.com ', full_name: 'One' },
      { email: 'whose@acme.com', full_name: 'Two' },
      { full_name: 'Somebody' },
    ]
    const keys: unknown[] = []
    for (const form of forms) {
      const acceptance = await accept(finished(form))
      assert.ok(acceptance.kind === 'accepted')
      const { rows } = await stage.pool.query(
        'select kind, person_key, late_at, stage, replayed from deliveries where submission_id = $1 order by item',
        [acceptance.submissionId],
      )
      const [contact, deal, tell] = rows
      assert.equal(contact.person_key, deal.person_key)
      assert.deepEqual([contact.late_at, deal.late_at, tell.person_key], [null, null, null])
      assert.deepEqual(tell.late_at, new Date(NOW.getTime() + 15 * 60_000))
      assert.deepEqual([tell.stage, tell.replayed], ['whole', false])
      keys.push(contact.person_key)
    }
    assert.match(String(keys[0]), /^[0-9a-f]{64}$/)
    assert.deepEqual(keys, [keys[0], keys[0], null])
  })

  test('of many identical forms of one person in different sessions exactly one is accepted', async () => {
    const form = { email: 'many@acme.com', full_name: 'Many' }
    const all = await Promise.all(Array.from({ length: 100 }, () => accept(finished(form))))
    const accepted = all.filter(({ kind }) => kind === 'accepted')
    assert.equal(accepted.length, 1)
    const id = accepted[0]?.kind === 'accepted' ? accepted[0].submissionId : ''
    for (const acceptance of all) {
      if (acceptance.kind === 'accepted') continue
      assert.deepEqual(acceptance, { kind: 'repeat', submissionId: id, answer })
    }
    assert.equal(await count("submissions where form->>'email' = 'many@acme.com'"), 1)
    assert.equal(await count('sessions where submission_id = $1', [id]), 100)
    assert.equal(await count('deliveries where submission_id = $1', [id]), 3)
  })

  test('of many requests that finish one session exactly one is accepted and the others are stale', async () => {
    const one = finished({ email: 'tap@acme.com' })
    const all = await Promise.all(Array.from({ length: 50 }, () => accept(one)))
    assert.equal(all.filter(({ kind }) => kind === 'accepted').length, 1)
    assert.equal(all.filter(({ kind }) => kind === 'stale').length, 49)
  })

  test('the same answers are a repeat inside the window and a new submission after it', async () => {
    const form = { email: 'window@acme.com' }
    const first = await accept(finished(form))
    const inside = await accept(finished(form, { now: new Date(NOW.getTime() + 299_000) }))
    const after5m = await accept(finished(form, { now: new Date(NOW.getTime() + 300_000) }))
    const again = await accept(finished(form, { now: new Date(NOW.getTime() + 599_000) }))
    assert.equal(inside.kind, 'repeat')
    assert.equal(after5m.kind, 'accepted')
    assert.notDeepEqual(first, after5m)
    assert.ok(again.kind === 'repeat' && after5m.kind === 'accepted')
    assert.equal(again.submissionId, after5m.submissionId)
  })

  test('other answers, and other people with the same answers, are no repeats', async () => {
    const mine = await accept(finished({ email: 'a@acme.com', full_name: 'A' }))
    const changed = await accept(finished({ email: 'a@acme.com', full_name: 'B' }))
    const theirs = await accept(finished({ email: 'b@acme.com', full_name: 'A' }))
    assert.deepEqual([mine.kind, changed.kind, theirs.kind], ['accepted', 'accepted', 'accepted'])
  })

  test('without identity and session nothing is dropped, only marked', async () => {
    const anonymous = () => accept(finished({ full_name: 'Nobody' }, { stored: false }))
    const both = [await anonymous(), await anonymous()]
    assert.deepEqual(
      both.map(({ kind }) => kind),
      ['accepted', 'accepted'],
    )
    assert.equal(await count("submissions where form->>'full_name' = 'Nobody' and possible_repeat"), 2)
    assert.equal(await count("sessions where form->>'full_name' = 'Nobody'"), 0)
  })

  test('a flow that takes every form as new marks nothing', async () => {
    const open = mappingOf({ ...leadMappingFile, dedupe: { on_repeat: 'new' } })
    await stage.keep(open)
    const kinds = [
      await accept(finished({ email: 'new@acme.com' }, { mapping: open })),
      await accept(finished({ email: 'new@acme.com' }, { mapping: open })),
    ].map(({ kind }) => kind)
    assert.deepEqual(kinds, ['accepted', 'accepted'])
  })

  test('a flow without a mapping keeps its submissions and delivers nothing', async () => {
    const acceptance = await accept(finished({ email: 'bare@acme.com' }, { mapping: undefined }))
    assert.ok(acceptance.kind === 'accepted')
    assert.equal(await count('deliveries where submission_id = $1', [acceptance.submissionId]), 0)
  })

  test('one form that cannot be stored harms none of those that came with it', async () => {
    const unknown = { ...mapping, hash: 'never-saved' }
    const all = await Promise.allSettled([
      accept(finished({ email: 'good1@acme.com' })),
      accept(finished({ email: 'bad@acme.com' }, { mapping: unknown })),
      accept(finished({ email: 'good2@acme.com' })),
    ])
    assert.deepEqual(
      all.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.equal(await count("submissions where form->>'email' like 'good_@acme.com'"), 2)
    assert.equal(await count("submissions where form->>'email' = 'bad@acme.com'"), 0)
    assert.equal(await count("sessions where form->>'email' = 'bad@acme.com'"), 0)
  })
})

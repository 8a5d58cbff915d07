import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ObjectConfig } from '../../../plugins/http/records/crm-config.ts'
import { again, callOf, failureOf, httpStage, inWords, memberOf, members, recordOf } from './http-stage.ts'

const ana = { email: 'ana@acme.example', name: 'Ana' }

test('an upsert looks first, and writes to what it finds', async () => {
  await using stage = await httpStage()
  const crm = await stage.crm({ members })
  const first = await crm.deliver(memberOf(ana), callOf())
  assert.deepEqual(first, { outcome: 'created', id: 'members-1', url: 'https://lists.example.com/people/members-1' })
  const second = await crm.deliver(memberOf({ ...ana, name: 'Ana Lima' }), callOf({ idempotencyKey: 'sub_2.one' }))
  assert.deepEqual([second.outcome, second.id], ['updated', 'members-1'])
  assert.deepEqual(
    stage.api.members.map(({ fields }) => fields),
    [{ ...ana, name: 'Ana Lima' }],
  )
})

test('what a loose search finds besides is never written to', async () => {
  await using stage = await httpStage()
  const crm = await stage.crm({ members })
  await crm.deliver(memberOf({ email: 'banana@acme.example.org', name: 'other' }), callOf())
  const receipt = await crm.deliver(memberOf({ email: 'ana@acme.example', name: 'Ana' }), callOf())
  assert.deepEqual([receipt.outcome, receipt.id], ['created', 'members-2'])
  const upper = await crm.deliver(memberOf({ email: 'ANA@acme.example', name: 'Ana' }), callOf())
  assert.deepEqual([upper.outcome, upper.id], ['updated', 'members-2'])
})

test('several records that fit stop the record, and are told', async () => {
  await using stage = await httpStage()
  const crm = await stage.crm({ members: { ...members, create: { ...members.create, path: '/notes' } } })
  const data = ['m1', 'm2'].map((id) => ({ id, email: 'ana@acme.example' }))
  stage.api.standIn.misbehave({ route: 'GET /v1/members', fault: { kind: 'status', status: 200, body: { data } } })
  const failure = await failureOf(crm.deliver(memberOf(ana), callOf()))
  assert.equal(inWords(failure), 'permanent record FG_HTTP_SEVERAL')
  assert.deepEqual(failure.kind === 'permanent' ? failure.candidates : undefined, ['m1', 'm2'])
  assert.deepEqual(stage.api.standIn.requestsTo('POST /v1/*'), [])
})

test('a known record is written to by its id and nothing is looked for', async () => {
  await using stage = await httpStage()
  const crm = await stage.crm({ members })
  await crm.deliver(memberOf(ana), callOf())
  const before = stage.api.standIn.requests.length
  const receipt = await crm.deliver(memberOf({ name: 'Ana Lima' }, { existing: 'members-1' }), callOf())
  assert.deepEqual([receipt.outcome, receipt.id], ['updated', 'members-1'])
  const since = stage.api.standIn.requests.slice(before).map(({ method, path }) => `${method} ${path}`)
  assert.deepEqual(since, ['PATCH /v1/members/members-1'])
  const gone = await failureOf(crm.deliver(memberOf(ana, { existing: 'nobody' }), callOf()))
  assert.equal(inWords(gone), 'permanent record FG_HTTP_GONE')
})

test('whoever made the record between the look and the write is found by the next attempt', async () => {
  await using stage = await httpStage()
  const crm = await stage.crm({ members })
  await crm.deliver(memberOf(ana), callOf())
  const nothing = { kind: 'status', status: 200, body: { data: [] } } as const
  stage.api.standIn.misbehave({ route: 'GET /v1/members', times: 1, fault: nothing })
  const failure = await failureOf(crm.deliver(memberOf(ana), callOf()))
  assert.equal(inWords(failure), 'retryable FG_HTTP_UNAVAILABLE')
  assert.match(failure.message, /409, email_taken/)
  assert.equal((await crm.deliver(memberOf(ana), callOf(again))).id, 'members-1')
  assert.equal(stage.api.members.length, 1)
})

test('one request that upserts says by its status whether the record is new', async () => {
  await using stage = await httpStage()
  const upsert = { path: '/members/{match.value}', body: '{fields}', id: 'data.id', url: 'data.url' }
  const crm = await stage.crm({ members: { upsert } })
  const receipts = [await crm.deliver(memberOf(ana), callOf()), await crm.deliver(memberOf(ana), callOf())]
  assert.deepEqual(
    receipts.map(({ outcome, id, url }) => [outcome, id, url]),
    ['created', 'updated'].map((outcome) => [outcome, 'members-1', 'https://lists.example.com/people/members-1']),
  )
})

const notes: ObjectConfig = { create: { path: '/notes', body: { text: '{fields.text}', ref: '{key}' }, id: 'data.id' } }
const kinds: readonly [name: string, object: ObjectConfig, header: boolean][] = [
  ['the key header', notes, true],
  [
    'a look by the key',
    { ...notes, find: { path: '/notes', query: { ref: '{value}' }, items: 'data' }, key_field: 'ref' },
    false,
  ],
]
for (const [name, object, header] of kinds) {
  test(`twenty tries of one create under lost replies leave one record, thanks to ${name}`, async () => {
    await using stage = await httpStage({ keys: header })
    const crm = await stage.crm({ notes: object }, header ? { idempotency_header: 'Idempotency-Key' } : {})
    const faults = ['lose-after', 'lose-before', 'lose-after', 'hang-after'] as const
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      const kind = faults[attempt % faults.length] ?? 'lose-after'
      stage.api.standIn.misbehave({ route: 'POST /v1/notes', times: 1, fault: { kind } })
      const aborting = new AbortController()
      const call = { attempt, uncertain: attempt > 1, signal: aborting.signal }
      const delivering = crm.deliver(recordOf('notes', { text: 'hi' }), callOf(call)).catch(() => undefined)
      const before = stage.api.standIn.requestsTo('POST /v1/notes').length
      if (kind === 'hang-after') {
        await Promise.race([
          delivering,
          stage.api.standIn.until(() => stage.api.standIn.requestsTo('POST /v1/notes').length > before),
        ])
        aborting.abort(new Error('the deadline'))
      }
      await delivering
      stage.api.standIn.behave()
    }
    const receipt = await crm.deliver(recordOf('notes', { text: 'hi' }), callOf(again))
    assert.deepEqual([receipt.id, stage.api.notes.length], ['notes-1', 1])
  })
}

test('without any of them an uncertain create is unknown, and sent again only where the operator says so', async () => {
  await using stage = await httpStage()
  const create = { path: '/notes', body: { text: '{fields.text} {repeat}' }, id: 'data.id' }
  const crm = await stage.crm({ notes: { create } })
  const unknown = await failureOf(crm.deliver(recordOf('notes', { text: 'hi' }), callOf(again)))
  assert.equal(inWords(unknown), 'unknown FG_HTTP_UNKNOWN')
  assert.deepEqual(stage.api.standIn.requests, [])
  await crm.deliver(recordOf('notes', { text: 'hi' }), callOf({ ...again, resend: true }))
  assert.deepEqual(
    stage.api.notes.map(({ fields }) => fields['text']),
    ['hi possibly a repeat'],
  )
  const trusting = await stage.crm({ notes: { create: { ...create, repeatable: true } } })
  await trusting.deliver(recordOf('notes', { text: 'ho' }), callOf(again))
  assert.equal(stage.api.notes.length, 2)
})

test('an id of more digits than a number keeps stays what it is', async () => {
  await using stage = await httpStage()
  const crm = await stage.crm({
    members: { ...members, create: { path: '/members', body: '{fields}', id: 'data.id' } },
  })
  const json = { headers: { 'content-type': 'application/json' }, status: 200 }
  const body = '{"data":{"id":12345678901234567890,"share":0.1234567890123456789,"size":3}}'
  stage.api.standIn.misbehave({
    route: 'POST /v1/members',
    times: 1,
    fault: { kind: 'answer', answer: () => ({ ...json, body }) },
  })
  const receipt = await crm.deliver(recordOf('members', ana), callOf())
  assert.equal(receipt.id, '12345678901234567890')
  stage.api.standIn.misbehave({
    route: 'GET /v1/members/*',
    times: 1,
    fault: { kind: 'answer', answer: () => ({ ...json, body }) },
  })
  const found = await crm.find?.(
    { object: 'members', field: 'id', value: receipt.id, fields: ['share', 'size'] },
    callOf(),
  )
  assert.deepEqual(found, { id: '12345678901234567890', share: 0.12345678901234568, size: 3 })
})

test('what was sent again and got no clear answer is not sent a third time by itself, unless a repeat changes nothing', async () => {
  await using stage = await httpStage()
  const create = { path: '/notes', body: '{fields}', id: 'data.id' }
  const resent = callOf({ ...again, resend: true })
  for (const [repeatable, words] of [
    [false, 'unknown FG_HTTP_UNKNOWN'],
    [true, 'retryable FG_HTTP_UNAVAILABLE'],
  ] as const) {
    const crm = await stage.crm({ notes: { create: { ...create, repeatable } } })
    stage.api.standIn.misbehave({ route: 'POST /v1/notes', times: 1, fault: { kind: 'lose-after' } })
    assert.equal(inWords(await failureOf(crm.deliver(recordOf('notes', { text: 'hi' }), resent))), words)
  }
})

test('what is there already is told from what is new, with its own id', async () => {
  await using stage = await httpStage()
  const create = { path: '/members', body: '{fields}', id: 'data.id', failures: { 409: 'unchanged' } } as const
  const crm = await stage.crm({ members: { create } })
  assert.equal((await crm.deliver(recordOf('members', ana), callOf())).outcome, 'created')
  const there = await crm.deliver(recordOf('members', ana), callOf())
  assert.deepEqual([there.outcome, there.id], ['unchanged', 'members-1'])
})

test('where no id is looked for, the key stands for it; a reply without the id that is looked for is no success', async () => {
  await using stage = await httpStage()
  const plain = await stage.crm({ notes: { create: { path: '/notes', body: '{fields}' } } })
  assert.equal((await plain.deliver(recordOf('notes', { a: 1 }), callOf())).id, 'sub_1.one')
  const looking = await stage.crm({ notes: { create: { path: '/notes', body: '{fields}', id: 'data.uid' } } })
  const failure = await failureOf(looking.deliver(recordOf('notes', { a: 1 }), callOf()))
  assert.equal(inWords(failure), 'retryable FG_HTTP_REPLY')
  assert.match(failure.message, /`data\.uid`/)
})

test('records are found, read by id, changed and their owner told, for policies, undo and owner_of', async () => {
  await using stage = await httpStage()
  const crm = await stage.crm({ members })
  await crm.deliver(memberOf({ ...ana, note: '', size: 3 }), callOf())
  const fields = ['name', 'note', 'size', 'none']
  const look = { object: 'members', field: 'email', value: 'ana@acme.example', fields }
  assert.deepEqual(await crm.find?.(look, callOf()), { id: 'members-1', name: 'Ana', size: 3 })
  assert.deepEqual(await crm.find?.({ ...look, field: 'id', value: 'members-1' }, callOf()), {
    id: 'members-1',
    name: 'Ana',
    size: 3,
  })
  assert.equal(await crm.find?.({ ...look, field: 'id', value: 'nobody' }, callOf()), null)
  assert.equal(await crm.find?.({ ...look, value: 'bo@acme.example' }, callOf()), null)
  const record = { object: 'members', id: 'members-1' }
  await crm.update?.(record, { name: null }, callOf())
  assert.equal(stage.api.members[0]?.fields['name'], null)
  assert.deepEqual(await crm.ownerOf?.(record, callOf()), { id: 'o1', email: 'owner@acme.example', name: 'Olga Owner' })
  assert.equal(await crm.ownerOf?.({ ...record, id: 'nobody' }, callOf()), null)
  const bare = await stage.crm({ notes })
  assert.deepEqual([bare.find, bare.update, bare.ownerOf], [undefined, undefined, undefined])
})

test('what the settings have no request for is told before anything is sent', async () => {
  await using stage = await httpStage()
  const crm = await stage.crm({ notes, members: { update: members.update ?? { path: '/x' } } })
  const files = [{ name: 'a.jpg', mediaType: 'image/jpeg', read: async () => new Uint8Array() }]
  const table = [
    [recordOf('deals', {}), /no `objects\.deals`; there is notes, members/],
    [recordOf('members', {}), /`objects\.members` has no `create`/],
    [memberOf(ana), /has no `upsert`, nor `find`, `create` and `update`/],
    [recordOf('notes', {}, { operation: 'upsert', match: 'x', fields: { x: '1' }, existing: 'n1' }), /has no `update`/],
    [recordOf('notes', {}, { files }), /Files cannot be attached/],
  ] as const
  for (const [record, words] of table) {
    const failure = await failureOf(crm.deliver(record, callOf()))
    assert.ok(failure.kind === 'permanent' && failure.scope === 'record')
    assert.match(failure.message, words)
  }
  assert.deepEqual(stage.api.standIn.requests, [])
})

test('preparing tells what the mappings need of the settings', async () => {
  await using stage = await httpStage()
  const crm = await stage.crm({ notes })
  const uses = [
    { object: 'notes', creates: true, matches: ['text'], fields: [] },
    { object: 'deals', creates: true, matches: [], fields: [] },
  ]
  const steps = (await crm.prepare?.(uses, true, callOf())) ?? []
  assert.deepEqual(
    steps.map(({ done, byHand }) => [done, byHand !== undefined]),
    [
      [true, false],
      [false, true],
      [false, true],
      [false, true],
    ],
  )
  assert.deepEqual(stage.api.standIn.requests, [])
})

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { beginSession } from '../../src/flow/begin-session.ts'
import type { Session } from '../../src/flow/session.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { listHandOvers } from '../../src/store/hand-overs.ts'
import { saveSessions } from '../../src/store/sessions.ts'
import type { FinishedForm } from '../../src/submit/prepare.ts'
import { leadMappingFile, mappingOf } from '../support/flow.ts'
import { type AcceptStage, acceptStage, answer, finished, flow, NOW } from './accept-stage.ts'

const THIRTY_DAYS_MS = 30 * 24 * 3600 * 1000
const told = { screen: 'TALK', data: {} }

const mapping = mappingOf({
  ...leadMappingFile,
  hand_over: {
    records: [
      {
        id: 'ticket',
        to: 'crm',
        object: 'tickets',
        operation: 'create',
        fields: { subject: { from: 'session.queue' } },
      },
    ],
    notifications: [{ id: 'call', to: 'chat', after: ['ticket'], title: 'Somebody waits: {session.queue}' }],
  },
  expired: { notifications: [{ id: 'send-again', to: 'chat', title: 'Too late' }] },
})

let stage: AcceptStage
before(async () => {
  stage = await acceptStage()
  await stage.keep(mapping)
})
after(() => stage[Symbol.asyncDispose]())

function handedOver(form: JsonObject, changes: Partial<FinishedForm> = {}): FinishedForm {
  const one = finished(form, { occasion: 'handed_over', mapping, answer: told })
  const progress = { ...one.session.progress, queue: 'sales' }
  const session = { ...one.session, path: ['CONTACT', 'TALK'], screen: 'TALK', lastAnswer: told, progress }
  return { ...one, session, ...changes }
}

function expired(token: string, changes: Partial<FinishedForm> = {}): FinishedForm {
  const session = beginSession(flow, undefined, token, 'ses_of_nobody', NOW)
  return finished({}, { occasion: 'expired', mapping, session, stored: false, ...changes })
}

async function one(id: string): Promise<Record<string, unknown>> {
  const { rows } = await stage.pool.query('select * from submissions where id = $1', [id])
  return rows[0]
}

async function items(id: string): Promise<readonly unknown[]> {
  const { rows } = await stage.pool.query(
    'select item, state, waits_for from deliveries where submission_id = $1 order by item',
    [id],
  )
  return rows
}

describe('a hand-over', () => {
  test('is a submission with what its block asks for and a row for whoever takes over', async () => {
    const form = handedOver({ email: 'talk@acme.com' })
    const acceptance = await stage.accept(form)
    assert.ok(acceptance.kind === 'accepted')
    const id = acceptance.submissionId
    const { occasion, session_id, session, answer: sent, possible_repeat } = await one(id)
    assert.deepEqual(
      { occasion, session_id, sent, possible_repeat },
      { occasion: 'handed_over', session_id: form.session.id, sent: told, possible_repeat: false },
    )
    const { queue, path, today } = session as JsonObject
    assert.deepEqual({ queue, path, today }, { queue: 'sales', path: ['CONTACT', 'TALK'], today: '2026-03-02' })
    assert.deepEqual(await items(id), [
      { item: 'call', state: 'waiting', waits_for: ['ticket'] },
      { item: 'ticket', state: 'pending', waits_for: [] },
    ])
    const handOvers = await listHandOvers(stage.pool, { state: 'open', limit: 100 })
    const mine = handOvers.filter(({ submissionId }) => submissionId === id)
    assert.match(mine[0]?.id ?? '', /^hov_[0-9a-z]{26}$/)
    assert.deepEqual(
      mine.map(({ id: _id, ...rest }) => rest),
      [
        {
          submissionId: id,
          flow: 'lead',
          screen: 'TALK',
          queue: 'sales',
          openedAt: NOW,
          closedAt: undefined,
          closedBy: undefined,
        },
      ],
    )
    assert.equal(await stage.count('sessions where submission_id = $1', [id]), 1)
  })

  test('of 50 requests that hand one session over exactly one does, and the others are stale', async () => {
    const form = handedOver({ email: 'twice@acme.com' })
    const all = await stage.acceptAtOnce(50, () => form)
    assert.equal(all.filter(({ kind }) => kind === 'accepted').length, 1)
    assert.equal(all.filter(({ kind }) => kind === 'stale').length, 49)
    const mine = `hand_overs join submissions on submissions.id = submission_id where form->>'email' = 'twice@acme.com'`
    assert.equal(await stage.count(mine), 1)
  })

  test('and a submission of the same session: one of them wins', async () => {
    const form = handedOver({ email: 'either@acme.com' })
    // Both kinds in both processes: the index alternates by twos.
    const all = await stage.acceptAtOnce(20, (index) =>
      index % 4 < 2 ? form : { ...form, occasion: 'submitted', answer },
    )
    assert.equal(all.filter(({ kind }) => kind === 'accepted').length, 1)
    assert.equal(await stage.count("submissions where form->>'email' = 'either@acme.com'"), 1)
  })

  test('is no repeat of a form with the same answers, nor a form of it, nor one of another session', async () => {
    const answers = { email: 'again@acme.com' }
    const kinds = [
      await stage.accept(finished(answers, { mapping })),
      await stage.accept(handedOver(answers)),
      await stage.accept(handedOver(answers)),
      await stage.accept(finished({ ...answers, full_name: 'Again' }, { mapping })),
    ].map(({ kind }) => kind)
    assert.deepEqual(kinds, ['accepted', 'accepted', 'accepted', 'accepted'])
    assert.equal(await stage.count("submissions where form->>'email' = 'again@acme.com'"), 4)
  })

  test('without a token is kept and marked, since a second press cannot be told apart', async () => {
    const acceptance = await stage.accept(handedOver({ email: 'unused@acme.com' }, { stored: false }))
    assert.ok(acceptance.kind === 'accepted')
    const { possible_repeat, session_id } = await one(acceptance.submissionId)
    assert.deepEqual({ possible_repeat, session_id }, { possible_repeat: true, session_id: null })
    assert.equal(await stage.count('hand_overs where submission_id = $1', [acceptance.submissionId]), 1)
  })

  test('of a flow without a mapping still waits for somebody', async () => {
    const acceptance = await stage.accept(handedOver({ email: 'plain@acme.com' }, { mapping: undefined }))
    assert.ok(acceptance.kind === 'accepted')
    assert.deepEqual(await items(acceptance.submissionId), [])
    assert.equal(await stage.count('hand_overs where submission_id = $1', [acceptance.submissionId]), 1)
  })

  test('that cannot be stored leaves nothing at all behind, and the session where it was', async () => {
    const unknown = { ...mapping, hash: 'never-saved' }
    const form = handedOver({ email: 'half@acme.com' }, { mapping: unknown })
    await assert.rejects(stage.accept(form))
    assert.equal(await stage.count("submissions where form->>'email' = 'half@acme.com'"), 0)
    assert.equal(await stage.count('sessions where token = $1', [form.session.token]), 0)
    const orphans = 'hand_overs left join submissions on submissions.id = submission_id where submissions.id is null'
    assert.equal(await stage.count(orphans), 0)
    const again = await stage.accept({ ...form, mapping })
    assert.equal(again.kind, 'accepted')
  })
})

describe('a form opened after its end', () => {
  test('is told once, from 20 requests at once and from later ones', async () => {
    const all = await stage.acceptAtOnce(20, () => expired('late-1'))
    const later = await stage.accept(expired('late-1', { now: new Date(NOW.getTime() + THIRTY_DAYS_MS - 1) }))
    const accepted = all.filter(({ kind }) => kind === 'accepted')
    assert.equal(accepted.length, 1)
    const id = accepted[0]?.kind === 'accepted' ? accepted[0].submissionId : ''
    assert.deepEqual([...all, later].filter((each) => each.kind === 'repeat' && each.submissionId === id).length, 20)
    const { occasion, session_id, session, answer: sent } = await one(id)
    assert.deepEqual(
      { occasion, session_id, sent },
      { occasion: 'expired', session_id: null, sent: { screen: '', data: {} } },
    )
    assert.equal((session as JsonObject)['today'], '2026-03-02')
    assert.deepEqual(await items(id), [{ item: 'send-again', state: 'pending', waits_for: [] }])
    assert.equal(await stage.count("sessions where token = 'late-1'"), 0)
    assert.equal(await stage.count('hand_overs where submission_id = $1', [id]), 0)
  })

  test('is told again after 30 days, and of another token at once', async () => {
    const first = await stage.accept(expired('late-2'))
    const other = await stage.accept(expired('late-3'))
    const monthLater = await stage.accept(expired('late-2', { now: new Date(NOW.getTime() + THIRTY_DAYS_MS) }))
    assert.deepEqual([first.kind, other.kind, monthLater.kind], ['accepted', 'accepted', 'accepted'])
  })

  test('takes along what is known of its run, moves no session and keeps nothing that was held', async () => {
    const held = { key: 'k', source: 'calendar', reserve: 'take', release: 'free', parameters: {} }
    const begun = beginSession(flow, undefined, 'late-4', 'ses_late', NOW)
    const session: Session = {
      ...begun,
      version: '0.9',
      variant: 'short',
      form: { email: 'late@acme.com' },
      path: ['CONTACT'],
      progress: { ...begun.progress, reservations: { slot: held } },
    }
    const acceptance = await stage.accept(expired('late-4', { session, stored: true }))
    assert.ok(acceptance.kind === 'accepted')
    const { form, version, variant, session: seen, session_id } = await one(acceptance.submissionId)
    const { path, reservations } = seen as JsonObject
    assert.deepEqual(
      { form, version, variant, session_id, path, reservations },
      {
        form: { email: 'late@acme.com' },
        version: '0.9',
        variant: 'short',
        session_id: null,
        path: ['CONTACT'],
        reservations: undefined,
      },
    )
    assert.equal(await stage.count("sessions where token = 'late-4'"), 0)
  })

  test('without a token is refused: it would stand for everybody', async () => {
    await assert.rejects(stage.accept(expired('')), /without a token/)
  })
})

describe('a submission', () => {
  test('names the version and the variant its session ran on, and keeps what it holds', async () => {
    const base = finished({ email: 'old@acme.com' }, { mapping })
    const held = { key: 'k', source: 'calendar', reserve: 'take', release: 'free', parameters: {} }
    const progress = { ...base.session.progress, reservations: { slot: held } }
    const acceptance = await stage.accept({
      ...base,
      session: { ...base.session, version: '0.9', variant: 'long', progress },
    })
    assert.ok(acceptance.kind === 'accepted')
    const { version, variant, occasion, session } = await one(acceptance.submissionId)
    assert.deepEqual({ version, variant, occasion }, { version: '0.9', variant: 'long', occasion: 'submitted' })
    assert.deepEqual((session as JsonObject)['reservations'], { slot: { key: 'k' } })
    assert.equal((await items(acceptance.submissionId)).length, 3)
  })

  test('that goes on with an unfinished run ends that one in the same moment', async () => {
    const left = finished({ email: 'left@acme.com' }).session
    await saveSessions(stage.pool, [{ session: left, expectedRevision: 0 }])
    const takesOver = { ...left, revision: 1 }
    const first = finished({ email: 'left@acme.com', full_name: 'Ana' }, { mapping, takesOver })
    const [one, other] = await stage.acceptAtOnce(2, () => first)
    assert.deepEqual([one?.kind, other?.kind].sort(), ['accepted', 'stale'])
    const { rows } = await stage.pool.query('select form from sessions where token = $1', [left.token])
    assert.deepEqual(rows, [{ form: {} }])
  })

  test('of a session whose version nothing told is one of the newest', async () => {
    const acceptance = await stage.accept(finished({ email: 'new@acme.com' }, { mapping }))
    assert.ok(acceptance.kind === 'accepted')
    const { version, variant } = await one(acceptance.submissionId)
    assert.deepEqual({ version, variant }, { version: '1', variant: null })
  })
})

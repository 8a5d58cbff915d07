import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { beginSession, findRun, renew } from '../../src/flow/begin-session.ts'
import { readRequest } from '../../src/flow/request.ts'
import type { Session, TokenBinding } from '../../src/flow/session.ts'
import { flowOf, leadFlowFile, leadFlowJson } from '../support/flow.ts'

const any = flowOf(leadFlowFile, leadFlowJson)
const minted = flowOf({ ...leadFlowFile, tokens: 'minted' }, leadFlowJson)
const NOW = new Date('2026-03-02T09:00:00Z')
const later = (hours: number): Date => new Date(NOW.getTime() + hours * 3_600_000)
const binding: TokenBinding = {
  flow: 'lead',
  version: undefined,
  personKey: undefined,
  person: { phone: '+5511999990000' },
  source: { campaign: 'spring' },
  language: 'pt_BR',
  prefill: { email: 'ana@acme.com' },
  expiresAt: later(72),
  revokedAt: undefined,
}
const init = readRequest({ action: 'INIT', flow_token: 'token-1' })
const answer = readRequest({ action: 'data_exchange', screen: 'CONTACT', data: {}, flow_token: 'token-1' })
const open: Session = { ...beginSession(any, undefined, 'token-1', 'ses_1', NOW), revision: 3 }
const finished: Session = { ...open, submissionId: 'sub_1' }

const run = (flow = any, session: Session | undefined = undefined, bound: TokenBinding | undefined = undefined) => ({
  on: (request = init, at = NOW) => findRun(flow, { session, binding: bound }, request, 'token-1', 'ses_2', at),
})

describe('the run of a request', () => {
  test('begins with what its token is bound to', () => {
    const found = run(minted, undefined, binding).on()
    assert.equal(found.kind, 'open')
    assert.ok(found.kind === 'open')
    assert.equal(found.revision, 0)
    assert.deepEqual(found.session.form, { email: 'ana@acme.com' })
    assert.deepEqual(found.session.person, { phone: '+5511999990000' })
    assert.deepEqual(found.session.source, { campaign: 'spring' })
    assert.equal(found.session.language, 'pt_BR')
    assert.equal(found.session.screen, 'CONTACT')
  })

  test('goes on where one is open', () => {
    assert.deepEqual(run(any, open).on(answer), { kind: 'open', session: open, revision: 3, goesOn: open })
  })

  test('begins without a token of ours only where the flow takes any', () => {
    assert.equal(run(any).on().kind, 'open')
    assert.deepEqual(run(minted).on(), { kind: 'expired' })
  })

  test('is over with its token: expired, revoked or of another flow', () => {
    assert.deepEqual(run(any, open, binding).on(answer, later(73)), { kind: 'expired' })
    assert.deepEqual(run(any, open, { ...binding, revokedAt: NOW }).on(answer), { kind: 'expired' })
    assert.deepEqual(run(any, open, { ...binding, flow: 'other' }).on(answer), { kind: 'expired' })
  })

  test('is over after its idle time, and only opening the form begins another', () => {
    assert.deepEqual(run(any, open).on(answer, later(48)), { kind: 'expired' })
    const again = run(any, open).on(init, later(48))
    assert.ok(again.kind === 'open')
    assert.equal(again.session.id, 'ses_2')
    assert.equal(again.revision, 3)
  })

  test('a finished one is begun anew by INIT where the flow takes any token, and not where each is one message', () => {
    const again = run(any, finished).on(init)
    assert.ok(again.kind === 'open')
    assert.equal(again.session.id, 'ses_2')
    assert.deepEqual(run(minted, finished, binding).on(init), { kind: 'expired' })
    assert.deepEqual(run(any, finished).on(answer), { kind: 'open', session: finished, revision: 3 })
  })

  test('every step begins the idle clock again', () => {
    const renewed = renew(any, later(1), open)
    assert.deepEqual(renewed.expiresAt, later(49))
    assert.deepEqual(renewed.purgeAt, later(49 + 7 * 24))
  })
})

describe('a request', () => {
  test('is read leniently', () => {
    const read = readRequest({ action: 7, data: [1], flow_token: 'unused' })
    assert.equal(read.action, 'unknown')
    assert.deepEqual(read.data, {})
    assert.equal(read.token, undefined)
    assert.equal(read.flowToken, 'unused')
    assert.equal(read.version, undefined)
    assert.equal(readRequest({}).token, undefined)
  })

  test('has one fingerprint for the same content in any order, and another for other content', () => {
    const first = readRequest({ action: 'data_exchange', screen: 'A', data: { x: 1, y: [2] }, flow_token: 't' })
    const same = readRequest({ flow_token: 'u', data: { y: [2], x: 1 }, screen: 'A', action: 'data_exchange' })
    const other = readRequest({ action: 'data_exchange', screen: 'A', data: { x: 1, y: [3] }, flow_token: 't' })
    assert.equal(first.fingerprint, same.fingerprint)
    assert.notEqual(first.fingerprint, other.fingerprint)
  })
})

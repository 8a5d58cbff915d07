import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { beginSession } from '../../src/flow/begin-session.ts'
import { pickVersion } from '../../src/flow/pick-version.ts'
import type { Session, TokenBinding } from '../../src/flow/session.ts'
import { variantOf } from '../../src/flow/variant.ts'
import { Course, NOW, sends } from '../support/course.ts'
import { flowJsonOf, flowOf, leadFlowFile, leadFlowJson } from '../support/flow.ts'
import { worldOf } from '../support/world.ts'

const flowNamed = (version: string) => ({ flow: flowOf({ ...leadFlowFile, version }, leadFlowJson) })
const two = flowNamed('2')
const one = flowNamed('1')
const versions = {
  newest: two,
  all: new Map([
    ['1', one],
    ['2', two],
  ]),
}
const nobody = { session: undefined, binding: undefined }
const bound = (version: string | undefined): TokenBinding => ({
  flow: 'lead',
  version,
  person: {},
  personKey: undefined,
  source: {},
  language: undefined,
  prefill: {},
  expiresAt: NOW,
  revokedAt: undefined,
})
const open = (version: string | undefined): Session => ({
  ...beginSession(two.flow, undefined, 't', 'ses_1', NOW),
  version,
})
const exchanges = (data = {}) => sends('data_exchange', 'CONTACT', data)

describe('the version of a flow', () => {
  test('is the open session’s, else the token’s, else the one the payload names', () => {
    const picked = (known: Parameters<typeof pickVersion>[1], data = {}) => {
      const found = pickVersion(versions, known, exchanges(data), NOW)
      return found.kind === 'decided' ? found.version.flow.version : found.kind
    }
    assert.equal(picked({ session: open('1'), binding: bound('2') }, { flow_version: '2' }), '1')
    assert.equal(picked({ session: open(undefined), binding: bound('1') }, { flow_version: '2' }), '1')
    assert.equal(picked(nobody, { flow_version: '1' }), '1')
    assert.equal(picked(nobody, { flow_version: 2 }), '2')
    assert.equal(picked(nobody), 'undecided')
  })

  test('of a finished run is its own while it repeats its answer, and nobody’s once the form is opened again', () => {
    const kindOf = (version: string, action: string) => {
      const session = { ...open(version), submissionId: 'sub_1' }
      const found = pickVersion(versions, { session, binding: undefined }, sends(action, 'CONTACT'), NOW)
      return found.kind === 'decided' ? found.version.flow.version : found.kind
    }
    assert.equal(kindOf('1', 'data_exchange'), '1')
    assert.equal(kindOf('1', 'INIT'), 'undecided')
    assert.equal(kindOf('0', 'data_exchange'), 'undecided', 'a version that is gone must not be missed')
  })

  test('that is not configured is told by its name', () => {
    assert.deepEqual(pickVersion(versions, nobody, exchanges({ flow_version: '99' }), NOW), {
      kind: 'unknown',
      name: '99',
    })
    assert.deepEqual(pickVersion(versions, { session: open('0'), binding: undefined }, sends('INIT'), NOW), {
      kind: 'unknown',
      name: '0',
    })
  })

  test('of a run that has lapsed says nothing of the phone that opens the form again', () => {
    const lapsed = { ...open('0'), expiresAt: NOW }
    assert.equal(pickVersion(versions, { session: lapsed, binding: undefined }, sends('INIT'), NOW).kind, 'undecided')
  })

  test('needs no telling where there is only one', () => {
    const only = { newest: one, all: new Map([['1', one]]) }
    assert.equal(pickVersion(only, nobody, sends('INIT'), NOW).kind, 'decided')
  })

  test('that nothing has told yet gets an answer that is valid in every live one, or none', async () => {
    const undecided = pickVersion(versions, nobody, sends('INIT'), NOW)
    assert.ok(undecided.kind === 'undecided')
    assert.deepEqual([undecided.version, undecided.others], [two, [one]])
    const bare = flowOf(
      {
        ...leadFlowFile,
        version: '0',
        screens: { ...leadFlowFile.screens, CONTACT: { ...leadFlowFile.screens['CONTACT'], data: {} } },
      },
      flowJsonOf(
        {
          CONTACT: { sends: ['full_name', 'email', 'company_size'] },
          ENTERPRISE: { sends: ['budget'], data: { title: { type: 'string', __example__: '' } }, terminal: true },
          NEEDS: { sends: ['interests'], terminal: true },
        },
        { CONTACT: ['ENTERPRISE', 'NEEDS'], ENTERPRISE: [], NEEDS: [] },
      ),
    )
    const good = await new Course(two.flow, worldOf({ alsoValidIn: [one.flow] })).open()
    assert.equal(good.rejected, undefined)
    const bad = await new Course(two.flow, worldOf({ alsoValidIn: [bare] })).open()
    assert.deepEqual(
      bad.rejected?.faults.map(({ path }) => path),
      ['greeting', 'problems', 'before'],
    )
  })
})

describe('a variant', () => {
  test('splits people as the weights say, within two per cent, and never changes', () => {
    const split = {
      name: 'lead',
      variants: [
        { name: 'short', weight: 70 },
        { name: 'long', weight: 30 },
      ],
    }
    const people = Array.from({ length: 10_000 }, (_, index) => `person ${index}`)
    const short = people.filter((key) => variantOf(split, key) === 'short')
    assert.ok(Math.abs(short.length / people.length - 0.7) < 0.02, `${short.length} of ${people.length}`)
    assert.deepEqual(
      people.filter((key) => variantOf(split, key) === 'short'),
      short,
    )
  })

  test('with no weight is nobody’s, and a flow without any gives none', () => {
    const one = {
      name: 'lead',
      variants: [
        { name: 'off', weight: 0 },
        { name: 'on', weight: 1 },
      ],
    }
    for (let index = 0; index < 200; index += 1) assert.equal(variantOf(one, String(index)), 'on')
    assert.equal(variantOf({ name: 'lead', variants: [] }, 'x'), undefined)
  })

  test('belongs to the person over all their tokens', () => {
    const flow = flowOf({ ...leadFlowFile, variants: { a: 1, b: 1 } }, leadFlowJson)
    const begun = (token: string, personKey?: string) =>
      beginSession(flow, { ...bound('1'), personKey }, token, 'ses', NOW).variant
    const tokens = Array.from({ length: 50 }, (_, index) => `token-${index}`)
    assert.equal(new Set(tokens.map((token) => begun(token, 'ana'))).size, 1)
    assert.equal(new Set(tokens.map((token) => begun(token))).size, 2)
    assert.equal(beginSession(flow, undefined, '', 'ses', NOW).variant, undefined)
  })
})

describe('a phone that answers another screen than the one it was shown', () => {
  const strict = flowOf(
    { ...leadFlowFile, sessions: { stale_client: 'repaint' }, messages: { moved: 'Go on here.' } },
    leadFlowJson,
  )
  const contact = { full_name: 'Ana', email: 'ana@acme.com' }

  test('is brought back to the right one where the flow asks for that, and nothing moves', async () => {
    const course = new Course(strict)
    await course.open()
    await course.submit('CONTACT', contact)
    const step = await course.submit('CONTACT', { ...contact, company_size: '900' })
    assert.deepEqual([step.kind, step.answer], ['stay', { screen: 'NEEDS', data: { error_message: 'Go on here.' } }])
    assert.equal('company_size' in course.session.form, false)
  })

  test('is heard where the flow accepts that', async () => {
    const course = new Course(two.flow)
    await course.open()
    await course.submit('CONTACT', contact)
    assert.equal((await course.submit('CONTACT', { ...contact, company_size: '900' })).answer.screen, 'ENTERPRISE')
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import { beginSession } from '../../src/flow/begin-session.ts'
import { Course, NOW } from '../support/course.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'

// What flows that others have published ask of an endpoint.
const text = { type: 'string', __example__: '' }
const exchange = (payload: Record<string, string>) => ({ name: 'data_exchange', payload })
const flowJson = flowJsonOf(
  {
    SIGN_UP: {
      sends: ['email', 'password'],
      data: { password_before: text },
      children: [{ type: 'TextInput', name: 'password', label: 'x', 'init-value': `\${data.password_before}` }],
    },
    LOGIN: { sends: ['login_email'], data: { where: text } },
    CODE: { sends: ['code'], data: { error_message: text }, terminal: true },
    PAY: {
      sends: ['account', 'email', 'people'],
      data: { amount: text },
      children: [
        {
          type: 'Dropdown',
          name: 'way',
          label: 'x',
          'on-select-action': exchange({ payment_mode: `\${form.way}` }),
        },
      ],
      terminal: true,
    },
  },
  { SIGN_UP: ['LOGIN', 'PAY'], LOGIN: ['PAY', 'CODE'], PAY: [], CODE: [] },
)
const file: FlowFile = {
  flow: 'pay',
  title: 'Pay',
  version: '1',
  first_screen: 'SIGN_UP',
  screens: {
    SIGN_UP: {
      fields: { email: { type: 'email', required: true }, password: { type: 'text', min_length: 8 } },
      data: { password_before: '' },
      next: [
        {
          when: { 'form.email': 'known@acme.com' },
          show: 'LOGIN',
          message: 'You are registered already, {form.email}.',
        },
        { show: 'PAY' },
      ],
    },
    LOGIN: {
      fields: { login_email: { type: 'text' } },
      data: { where: { from: 'session.screen' } },
      next: [{ when: { 'form.login_email': 'code@acme.com' }, show: 'CODE' }, { show: 'PAY' }],
    },
    CODE: { fields: { code: { type: 'text', pattern: '^[0-9]{6}$' } }, next: [{ submit: true }] },
    PAY: {
      fields: { payment_mode: { type: 'text' }, account: { type: 'text', required: { 'form.payment_mode': 'Bank' } } },
      data: { amount: { from: 'form.email' } },
      triggers: [{ when: { 'sent.payment_mode': { exists: true } } }],
      repeat: { into: 'people', times: 1 },
      next: [{ submit: true }],
    },
  },
}
const flow = flowOf(file, flowJson)

describe('a rule', () => {
  test('may say something on the screen it leads to', async () => {
    const course = new Course(flow)
    const step = await course.submit('SIGN_UP', { email: 'known@acme.com', password: 'abcdefgh' })
    assert.deepEqual(step.answer, {
      screen: 'LOGIN',
      data: { where: 'SIGN_UP', error_message: 'You are registered already, known@acme.com.' },
    })
    const again = await course.back('PAY')
    assert.equal('error_message' in again.answer.data, false)
  })

  test('knows the screen that was answered, also where a phone went there by itself', async () => {
    const course = new Course(flow)
    await course.open()
    const step = await course.submit('LOGIN')
    assert.equal(step.answer.screen, 'PAY')
    assert.equal((await course.back('PAY')).answer.data['where'], 'PAY')
  })
})

test('a screen that declares the snackbar has empty text there where there is nothing to say', async () => {
  const course = new Course(flow)
  const step = await course.submit('LOGIN', { login_email: 'code@acme.com' })
  assert.deepEqual(step.answer, { screen: 'CODE', data: { error_message: '' } })
  const refused = await course.submit('CODE', { code: '12' })
  assert.match(String(refused.answer.data['error_message']), /Code/)
})

describe('an input that the configuration empties', () => {
  test('stays empty when its answer was refused', async () => {
    const step = await new Course(flow).submit('SIGN_UP', { email: 'a@b.co', password: 'short' })
    assert.deepEqual([step.refused, step.answer.data['password_before']], [['password'], ''])
  })
})

describe('an answer that only a selection sends', () => {
  test('stays when the screen is submitted without it', async () => {
    const course = new Course(flow)
    await course.submit('SIGN_UP', { email: 'a@b.co' })
    await course.submit('PAY', { payment_mode: 'Bank' })
    const step = await course.submit('PAY', { account: '' })
    assert.deepEqual([step.refused, course.session.form['payment_mode']], [['account'], 'Bank'])
  })
})

describe('an answer that a later payload repeats', () => {
  test('stays as its own screen sent it, and is taken where nothing is known of it', async () => {
    const course = new Course(flow)
    await course.submit('SIGN_UP', { email: 'a@b.co' })
    await course.submit('PAY', { payment_mode: 'UPI', email: 'other@b.co' })
    assert.equal(course.session.form['email'], 'a@b.co')
    const opened = new Course(flow)
    await opened.submit('PAY', { payment_mode: 'UPI', email: 'other@b.co' })
    assert.equal(opened.session.form['email'], 'other@b.co')
  })
})

describe('a list that a phone carries', () => {
  const people = [{ payment_mode: 'forged' }]
  const carrying = flowOf(
    {
      ...file,
      screens: {
        ...file.screens,
        PAY: {
          ...file.screens['PAY'],
          fields: { account: { type: 'text' }, people: { type: 'json' } },
          repeat: { into: 'people', times: 2 },
        },
      },
    },
    flowJson,
  )

  test('counts where there is no session, and nowhere else', async () => {
    const nobody = new Course(carrying, undefined, beginSession(carrying, undefined, '', 'ses_1', NOW))
    const counted = await nobody.submit('PAY', { email: 'a@b.co', account: '1', people })
    assert.equal(counted.kind, 'submit')
    const somebody = new Course(carrying)
    const step = await somebody.submit('PAY', { email: 'a@b.co', account: '1', people })
    assert.deepEqual([step.kind, somebody.session.form['people']], ['move', [{ account: '1' }]])
  })
})

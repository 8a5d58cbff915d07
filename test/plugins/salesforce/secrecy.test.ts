import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { classify } from '../../../plugins/salesforce/failure.ts'
import { masked } from '../../../plugins/salesforce/mask.ts'
import { problemOfAnswer } from '../../../plugins/salesforce/problem.ts'
import { budgetsOf } from '../../../plugins/salesforce/settings.ts'
import { call, failureOf, lead, opportunity, salesforceStage } from './salesforce-stage.ts'

test('Salesforce quotes a refused value, and neither the error, the failure nor a log line repeats it', async () => {
  await using stage = await salesforceStage()
  const record = lead('5511911', { FirstName: 'Ana Souza Lima'.repeat(4), Status: 'Ana Souza', Email: 'ana@acme' })
  const thrown = await stage.crm.deliver(record, call('one')).catch((error: unknown) => error)
  const failure = await failureOf(Promise.reject(thrown))
  assert.deepEqual(failure.kind === 'permanent' && failure.fields, ['FirstName', 'Status', 'Email'])
  const printed = [inspect(thrown, { depth: 9, showHidden: true }), JSON.stringify(failure), ...stage.logged].join()
  const secrets = ['Ana', 'ana@acme', '5511911', '!session-', 'consumer-secret']
  assert.deepEqual(
    secrets.filter((secret) => printed.includes(secret)),
    [],
  )
})

test('a name, a code or an id that is really a sentence is left out', () => {
  const body = [
    {
      errorCode: 'STRING_TOO_LONG',
      message: "No such column 'Ana'",
      fields: ['Ana Souza', 'ana@acme.com', 'Email'],
      duplicateResult: { matchResults: [{ matchRecords: [{ record: { Id: 'Ana Souza' } }] }] },
    },
    { errorCode: 'so sorry, Ana', message: 'x' },
  ]
  assert.deepEqual(classify(problemOfAnswer({ status: 400, headers: {}, text: JSON.stringify(body) })), {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_SALESFORCE_FIELD_REFUSED',
    message:
      'Salesforce refused Email. Correct the mapping, the field or its permissions, then replay (HTTP 400, STRING_TOO_LONG).',
    fields: ['Email'],
  })
})

test('what is masked are values, their words, addresses and numbers, whatever their case and signs', () => {
  const values = ['Ana (the boss)', 'x', 75_000, null, true, 'C++ [dev]']
  assert.equal(masked('ANA the Boss likes c++ [DEV] and X', values), '… likes … and X')
  assert.equal(masked('75000 or 75.000, eva@x.org; 12 ok', values), '… or …, … 12 ok')
  assert.equal(masked('Ana-Lima may not come on 2026-12-31', ['ana-lima', '2026-12-31']), '… may not come on …')
  assert.equal(masked('x '.repeat(200), []).length, 200)
})

test('the words of a rule are told whatever signs stand in what was sent', async () => {
  await using stage = await salesforceStage()
  const message = 'No deals of Ana-Lima [VIP] before 2027.'
  stage.org.validationRules.push({ object: 'Opportunity', message, refuses: () => true })
  const failure = await failureOf(stage.crm.deliver(opportunity('Ana-Lima [VIP]: a/b \\d {1} ^$'), call('one')))
  assert.equal(failure.code, 'FG_SALESFORCE_RULE')
  assert.match(failure.message, /"No deals of …-… \[…\] before …\."/)
})

test('budgets tell accounts apart and not destinations', () => {
  const config = { login_url: 'https://acme.my.salesforce.com/', client_id: 'a', client_secret: 'secret' }
  const { account, limits } = budgetsOf(config)
  assert.equal(
    budgetsOf({ ...config, login_url: 'https://ACME.my.salesforce.com', client_secret: 'new' }).account,
    account,
  )
  assert.notEqual(budgetsOf({ ...config, login_url: 'https://other.my.salesforce.com' }).account, account)
  assert.ok(!account.includes('secret'))
  assert.deepEqual(Object.keys(limits), ['all'])
})

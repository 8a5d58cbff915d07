import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KNOWN, ledgerConfiguration } from './ledger-configuration.ts'
import { run } from './terminal.ts'

const env = { LEDGER_TOKEN: 'secret' }

test('check --live names every difference between mappings and CRM with its line, and what it could not compare', async () => {
  const folder = ledgerConfiguration({})
  const { code, out } = await run(['check', '--live', '--config', folder], env)
  assert.equal(code, 1, out)
  const lines = out.split('\n').map((line) => line.replace(`${folder}/flows/ask/mapping.yaml:`, ''))
  assert.deepEqual(lines.slice(0, 9), [
    '7:5 advice FG_CONFIG_LIVE_REQUIRED a new record of `contacts` needs `owner`, which nothing here writes',
    '10:55 error FG_CONFIG_LIVE_OPTION `Customer` is no choice of `stage`: that is a label, its value is `customer`',
    '10:76 error FG_CONFIG_LIVE_OPTION `nobody` is no choice of `stage`: there is lead, customer',
    '12:21 error FG_CONFIG_LIVE_OPTION `green` is no choice of `topics`: there is red, blue',
    '13:83 error FG_CONFIG_LIVE_OPTION `silber` is no choice of `tier`: did you mean `silver`?',
    '14:7 error FG_CONFIG_LIVE_FIELD `contacts` has no field `nmae`: did you mean `name`?',
    '15:7 error FG_CONFIG_LIVE_READ_ONLY `created` of `contacts` cannot be written with these credentials, or by nobody',
    '17:45 error FG_CONFIG_LIVE_LENGTH this text has 11 characters, and `code` takes 5 at most',
    '25:5 error FG_CONFIG_LIVE_REQUIRED a new record of `deals` needs `amount`, which nothing here writes',
  ])
  assert.match(lines[9] ?? '', /^35:15 error FG_CONFIG_LIVE_OBJECT `main` has no kind of record `tickts`/)
  assert.deepEqual(lines.slice(10, 12), [
    'Compared with main; not with silent, whose plugin cannot say what there is.',
    '9 errors, 1 piece of advice.',
  ])
})

const FITTING = `records:
  - id: person
    to: main
    object: contacts
    operation: upsert
    match: id
    fields: { id: { from: form.name }, stage: lead, owner: ana }
`

test('what fits is right, and without --live nobody is asked and no secret is needed', async () => {
  const folder = ledgerConfiguration({}, FITTING)
  const live = await run(['check', '--live', '--json', '--config', folder], env)
  assert.equal(live.code, 0, live.out)
  const { ok, issues, compared, not_compared } = JSON.parse(live.out)
  assert.deepEqual([ok, issues, compared, not_compared], [true, [], ['main'], []])
  const plain = await run(['check', '--config', ledgerConfiguration({ down: true }, FITTING)])
  assert.equal(plain.code, 0, plain.out)
  assert.doesNotMatch(plain.out, /Compared/)
})

test('a CRM that cannot be asked ends the check with its reason, and a missing secret is named as ever', async () => {
  const down = await run(['check', '--live', '--config', ledgerConfiguration({ down: true })], env)
  assert.deepEqual([down.code, down.err], [2, 'main could not be asked what it has: The token is not right.\n'])
  const json = await run(['check', '--live', '--json', '--config', ledgerConfiguration({ down: true })], env)
  assert.equal(JSON.parse(json.out).error.code, 'LEDGER_TOKEN')
  const without = await run(['check', '--live', '--config', ledgerConfiguration({})])
  assert.equal(without.code, 1)
  assert.match(without.out, /LEDGER_TOKEN/)
})

test('describe shows fields and choices of one kind of record, or of all that mappings write', async () => {
  const folder = ledgerConfiguration({})
  const { code, out } = await run(['destinations', 'describe', 'main', 'contacts', '--config', folder], env)
  assert.equal(code, 0)
  assert.match(
    out,
    /^contacts \(Contact\)\nFIELD +TYPE +LABEL\nemail +text +unique +email\nname +text +up to 100 +name\n/,
  )
  assert.match(out, /created +text +read only/)
  assert.match(out, /\nChoices:\n {2}stage: lead \(Lead\), customer \(Customer\)\n/)
  const all = await run(['destinations', 'describe', 'main', '--json', '--config', folder], env)
  assert.equal(all.code, 1, 'a mapping names a kind of record that there is not')
  const { objects, missing } = JSON.parse(all.out)
  assert.deepEqual(objects, KNOWN.slice(0, 2))
  assert.deepEqual(missing, ['tickts'])
})

test('describe says what it cannot show', async () => {
  const describe = (...argv: string[]) =>
    run(['destinations', 'describe', ...argv, '--config', ledgerConfiguration({})], env)
  const none = await describe('main', 'orders')
  assert.deepEqual([none.code, none.out], [1, 'main has no kind of record named orders.\n'])
  const silent = await describe('silent', 'rows')
  assert.deepEqual([silent.code, silent.err], [2, 'The plugin of silent cannot say what fields there are.\n'])
  assert.match((await describe('team')).err, /No mapping writes records to team\. Name one kind/)
  assert.match((await describe('mian')).err, /no destination "mian": did you mean `main`/)
})

import assert from 'node:assert/strict'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CONFIG } from './seed.ts'
import { run } from './terminal.ts'

/** A copy of the shipped configuration with one text replaced by another in one file. */
function changed(file?: string, from?: string, to = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'flowgate-config-'))
  cpSync(CONFIG, folder, { recursive: true })
  if (file !== undefined && from !== undefined) {
    const path = join(folder, 'flows', 'lead-gen', file)
    const text = readFileSync(path, 'utf8')
    assert.ok(text.includes(from), `${file} holds no "${from}"`)
    writeFileSync(path, text.replace(from, to))
  }
  return folder
}

test('the shipped configuration is right without any secret, and says what it holds', async () => {
  const { code, out } = await run(['check', '--config', CONFIG])
  assert.equal(code, 0, out)
  assert.match(out, /The configuration is right: 1 flow, 2 destinations.*\.\n$/)
})

test('check names each mistake with a path that can be opened from here, line and column, and exits with 1', async () => {
  const folder = changed('mapping.yaml', 'to: slack-sales', 'to: slack-salse')
  const plain = await run(['check', '--config', folder])
  assert.equal(plain.code, 1)
  assert.match(
    plain.out,
    new RegExp(`^${folder}/flows/lead-gen/mapping\\.yaml:\\d+:\\d+ error FG_CONFIG_\\w+ .*slack-salse`),
  )
  assert.match(plain.out, /1 error\.\n$/)
  const json = await run(['check', '--config', folder, '--json'])
  assert.equal(json.code, 1)
  const { ok, issues } = JSON.parse(json.out)
  assert.equal(ok, false)
  assert.deepEqual(Object.keys(issues[0]).sort(), ['code', 'column', 'file', 'line', 'message', 'severity'])
})

test('check refuses a URL that would never be asked, unless FLOWGATE_ALLOW_HOSTS names its host', async () => {
  const folder = changed()
  const more = `  hook:\n    plugin: webhook-message\n    config: { url: "\${HOOK_URL}", secrets: ["\${HOOK_SECRET}"] }\n`
  appendFileSync(join(folder, 'destinations.yaml'), more)
  const env = { HOOK_URL: 'http://crm.internal/hunter2' }
  const refused = await run(['check', '--config', folder], env)
  assert.equal(refused.code, 1)
  assert.match(refused.out, /destinations\.yaml:\d+:20 error FG_CONFIG_URL .* crm\.internal .*FLOWGATE_ALLOW_HOSTS/)
  assert.doesNotMatch(refused.out, /hunter2/)
  const allowed = await run(['check', '--config', folder], { ...env, FLOWGATE_ALLOW_HOSTS: 'crm.internal' })
  assert.equal(allowed.code, 0, allowed.out)
})

test('the folder comes from --config, else from FLOWGATE_CONFIG', async () => {
  const folder = changed('mapping.yaml', 'to: hubspot', 'to: hubspto')
  assert.equal((await run(['check'], { FLOWGATE_CONFIG: folder })).code, 1)
  assert.equal((await run(['check', '--config', CONFIG], { FLOWGATE_CONFIG: folder })).code, 0)
})

test("the shipped flow's own tests pass, one flow's or all", async () => {
  for (const argv of [['test'], ['test', 'lead-gen']]) {
    const { code, out } = await run([...argv, '--config', CONFIG])
    assert.equal(code, 0, out)
    assert.match(out, /✓ lead-gen: a large company is asked for its budget and becomes a deal\n/)
    assert.match(out, /\d+ passed\.\n$/)
  }
})

const planted: readonly [string, string, string, string, RegExp][] = [
  [
    'an expected value',
    'tests.yaml',
    'firstname: Ana',
    'firstname: Anna',
    /contact\.firstname: expected "Anna", mapped "Ana"/,
  ],
  ['an amount', 'tests.yaml', 'amount: 75000', 'amount: 7', /deal\.amount: expected 7, mapped 75000/],
  [
    'a record expected left out',
    'tests.yaml',
    'hs_lead_status: IN_PROGRESS',
    'hs_lead_status: null',
    /hs_lead_status: expected nothing, mapped "IN_PROGRESS"/,
  ],
  ['a rule', 'flow.yaml', 'gte: 50', 'gte: 500', /step 1: CONTACT was expected to lead to ENTERPRISE and led to NEEDS/],
  [
    'a mapping',
    'mapping.yaml',
    'apply: [trim, lower]',
    'apply: [trim]',
    /contact\.email: expected "ana@acme\.com", mapped "ANA@Acme\.com"/,
  ],
  ['a condition', 'mapping.yaml', 'in: [10k_50k, over_50k]', 'in: [10k_50k]', /deal: expected .*, mapped nothing/],
  [
    'a field',
    'flow.yaml',
    'email: { type: email, required: true }',
    'email: { type: email, required: true, max_length: 5 }',
    /step 1: .*led to CONTACT: email refused/,
  ],
]

for (const [what, file, from, to, said] of planted) {
  test(`test finds a difference in ${what}, shows both sides, and exits with 1`, async () => {
    const { code, out } = await run(['test', 'lead-gen', '--config', changed(file, from, to)])
    assert.equal(code, 1, out)
    assert.match(out, /✗ lead-gen: a large company/)
    assert.match(out, said)
    assert.match(out, /\d of 3 failed\.\n$/)
  })
}

test('test --json gives each test with its problems', async () => {
  const folder = changed('tests.yaml', 'firstname: Ana', 'firstname: Anna')
  const { code, out } = await run(['test', '--json', '--config', folder])
  assert.equal(code, 1)
  const { ok, tests } = JSON.parse(out)
  assert.deepEqual([ok, tests.map((one: { ok: boolean }) => one.ok)], [false, [false, true, true]])
  assert.deepEqual(tests[0].problems, ['contact.firstname: expected "Anna", mapped "Ana"'])
})

test('test does not run on a configuration with mistakes or for a flow that is none', async () => {
  const wrong = await run(['test', '--config', changed('mapping.yaml', 'to: hubspot', 'to: hubspto')])
  assert.equal(wrong.code, 2)
  assert.match(wrong.err, /run "flowgate check"/)
  const none = await run(['test', 'lead-gne', '--config', CONFIG])
  assert.equal(none.code, 2)
  assert.match(none.err, /no flow "lead-gne".*It has: lead-gen/)
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { momentOn } from '../../src/cli/operator-tests/day-of-test.ts'
import { dayIn } from '../../src/flow/day.ts'
import { run } from './terminal.ts'
import { olderVersion, visitConfiguration } from './visit-configuration.ts'
import { problemsOf, START, testing, WHO } from './visit-tests.ts'

describe('the steps of a test', () => {
  test('select sends what the input under it sends, and the phone keeps what was selected', async () => {
    const shown = '{ slots: [{ id: nine }, { id: ten, title: "10:00" }], filled: { department: sales } }'
    assert.deepEqual(
      await problemsOf(`
- { screen: START, select: { trigger: department, department: sales }, then: START, shows: ${shown} }
- { screen: START, select: { trigger: verify, coupon: SPRING }, then: START, shows: { hint: 10 % off. } }
- { screen: START, fill: { slot: ten }, then: WHO, shows: { chosen: ten } }`),
      [],
    )
  })

  test('back asks where the screen says so and else shows what the phone has; a link leads aside', async () => {
    assert.deepEqual(
      await problemsOf(`
${WHO}
- { screen: WHO, then: TERMS }
- { screen: TERMS, back: true, then: WHO, shows: { chosen: nine } }
- { screen: WHO, back: true, then: START, shows: { filled: { department: sales, slot: nine } } }
- { screen: START, fill: { slot: ten }, then: WHO, shows: { chosen: ten } }
- { screen: WHO, fill: { name: Ana, agrees: true }, then: DONE, shows: { thanks: "Thank you, Ana." } }
- { screen: DONE, then: submitted }`),
      [],
    )
  })

  test('of several links the one that leads to the next screen is followed, also where no button asks', async () => {
    assert.deepEqual(
      await problemsOf(`
${WHO}
- { screen: WHO, then: ASIDE }
- { screen: ASIDE, then: DONE, shows: { thanks: As you like. } }`),
      [],
    )
  })

  test('reopen finds the form filled in, and a link goes on where it was left', async () => {
    assert.deepEqual(
      await problemsOf(`
${WHO}
- { reopen: true, then: START, shows: { filled: { slot: nine } } }
- { screen: START, select: { go: resume }, then: WHO }`),
      [],
    )
  })

  test('constants, hidden keys and answers of other screens travel as the Flow JSON says', async () => {
    const expect = 'expect: { contact: { firstname: Ana, lead_source: poster } }'
    assert.deepEqual(await problemsOf(`${WHO}\n- { screen: WHO, fill: { name: Ana }, then: DONE }`, expect), [])
  })

  test('a hand-over is mapped by its own records', async () => {
    const expect = 'expect: { ticket: { subject: Boss for bosses } }'
    assert.deepEqual(await problemsOf(`${WHO}\n- { screen: WHO, fill: { name: Boss }, then: AGENT }`, expect), [])
    const [other] = await problemsOf(`${WHO}\n- { screen: WHO, fill: { name: Ana }, then: DONE }`, expect)
    assert.equal(other, 'expect names "ticket", and the mapping made nothing by that name (it made contact)')
  })
})

describe('the keys of a test', () => {
  test('language, variant, day and person are what values see', async () => {
    const first = '- { reopen: true, then: START, shows: { greeting: Hello, hint: short } }'
    assert.deepEqual(await problemsOf(first), [])
    const keys = 'language: pt_BR\nvariant: long\ntoday: "2026-03-02"'
    const second = '- { reopen: true, then: START, shows: { greeting: Olá, hint: long, today: "2026-03-02" } }'
    assert.deepEqual(await problemsOf(second, keys), [])
    const member = 'person: { phone: "+5511999990000" }\nsources: { calendar: { member: [{ tier: gold }] } }'
    assert.deepEqual(await problemsOf('- { reopen: true, then: START, shows: { hint: gold } }', member), [])
  })

  test('what is held for the person is compared with what was reserved', async () => {
    assert.deepEqual(await problemsOf(WHO, 'reserved: { slot: { slot: nine } }'), [])
    assert.deepEqual(await problemsOf(START, 'reserved: { slot: null }'), [])
    assert.deepEqual(await problemsOf(WHO, 'reserved: { slot: { slot: ten } }'), [
      'reserved.slot.slot: expected "ten", held "nine"',
    ])
  })

  test('every version has its tests, and a test can be of another version than its file', async () => {
    const tests = (name: string, more = '') => `
tests:
  - { name: ${name}, ${more} steps: [{ reopen: true, then: START }] }
`
    const results = await testing(tests('the newest', 'version: "0",'), {
      ...olderVersion('0'),
      'flows/visit@0/tests.yaml': tests('the older one'),
    })
    assert.deepEqual(
      results.map(({ flow, name, problems }) => [flow, name, problems]),
      [
        ['visit@0', 'the older one', []],
        ['visit@0', 'the newest', []],
      ],
    )
  })
})

describe('what sources say', () => {
  test('a step goes before its test and the test before the file, from then on', async () => {
    const test = 'sources: { calendar: { free_slots: [{ id: noon, title: Noon }] } }'
    const step = 'sources: { calendar: { free_slots: [{ id: late, title: Late }] } }'
    assert.deepEqual(
      await problemsOf(
        `
- { screen: START, select: { department: sales }, then: START, shows: { slots: [{ id: noon }] } }
- { screen: START, select: { department: help }, ${step}, then: START, shows: { slots: [{ id: late }] } }
- { screen: START, select: { department: sales }, then: START, shows: { slots: [{ id: late }] } }`,
        test,
      ),
      [],
    )
  })

  test('one that is unavailable does what its ask declares, one that has given away refuses', async () => {
    assert.deepEqual(
      await problemsOf(`
- { screen: START, select: { department: sales }, sources: { calendar: { free_slots: unavailable } }, then: START, shows: { error_message: The calendar is busy., slots: [] } }
- { screen: START, select: { department: sales }, sources: { calendar: { free_slots: [{ id: nine, title: "9" }], hold_slot: taken } }, then: START }
- { screen: START, fill: { slot: nine }, then: START, shows: { problems: { slot: Somebody was faster. } } }
- { screen: START, fill: { slot: nine }, sources: { calendar: { hold_slot: { id: nine } } }, then: WHO }`),
      [],
    )
  })

  test('what its own settings declare is done where the ask declares nothing', async () => {
    const keys = 'person: { phone: "1234567" }\nsources: { calendar: { member: unavailable } }'
    assert.deepEqual(await problemsOf('- { reopen: true, then: START, shows: { hint: short } }', keys), [])
  })

  test('a question nobody answers says what to write, once, and that alone', async () => {
    const [result] = await testing(`
tests:
  - name: a visit
    steps: [{ screen: START, select: { department: sales }, then: WHO }]
`)
    assert.deepEqual(result?.problems, [
      'step 1: calendar is asked free_slots (department: "sales") and nothing says what it answers: write `sources: { calendar: { free_slots: … } }`',
    ])
  })

  test('an offline source that fails says why', async () => {
    const broken = 'throw new Error("the list is torn")'
    const [result] = await testing('tests: [{ name: a visit, steps: [{ reopen: true, then: START }] }]', {
      'plugins/torn/index.ts': `export default { apiVersion: 1, kind: 'source', name: 'torn', title: 'Torn', offline: true,
        configSchema: { type: 'object' }, classify: () => undefined,
        configure: () => ({ health: async () => ({ ok: true, account: '' }), read: async () => { ${broken} }, close: async () => {} }) }`,
      'destinations.yaml': `
destinations:
  crm: { plugin: hubspot, config: { access_token: "\${HUBSPOT_ACCESS_TOKEN}" } }
sources:
  lists: { plugin: ./plugins/torn }
  calendar: { plugin: sql-source, config: { url: "\${CALENDAR_URL}", queries: ./calendar.sql, writes: true } }
`,
    })
    assert.deepEqual(result?.problems, ['INIT: lists was asked departments and failed: the list is torn'])
  })
})

test('a form whose tokens are minted opens once, and says so to who opens it again', async () => {
  const flowYaml = readFileSync(join(visitConfiguration(), 'flows/visit/flow.yaml'), 'utf8')
  const [result] = await testing(
    `
sources: { calendar: { free_slots: [{ id: nine, title: "09:00" }] } }
tests:
  - name: a visit
    steps:
${WHO.replace(/^/gm, '      ')}
      - { screen: WHO, fill: { name: Ana }, then: DONE }
      - { reopen: true, then: START }
`,
    { 'flows/visit/flow.yaml': `${flowYaml}tokens: minted\n` },
  )
  assert.deepEqual(result?.problems, ['step 4: the form is over: its phone is told messages.expired'])
})

test('check refuses days, reservations and sources that there are not', async () => {
  const tests = `
tests:
  - name: a visit
    today: "2026-02-30"
    reserved: { slit: null }
    steps: [{ reopen: true, sources: { calender: { free_slots: [] }, calendar: { free_slot: [] } }, then: START }]
`
  const { code, out } = await run(['check', '--config', visitConfiguration({ 'flows/visit/tests.yaml': tests })])
  assert.equal(code, 1)
  assert.match(out, /:4:12 error FG_CONFIG_TEST there is no day `2026-02-30`/)
  assert.match(out, /:5:17 error FG_CONFIG_TEST there is no reservation `slit`: did you mean `slot`\?/)
  assert.match(out, /:6:40 error FG_CONFIG_TEST there is no source `calender`: did you mean `calendar`\?/)
  assert.match(out, /3 errors\./)
})

test('the same step twice is two steps, not one that came twice', async () => {
  assert.deepEqual(
    await problemsOf(`
- { reopen: true, sources: { lists: { departments: [{ id: x, title: X }] } }, then: START, shows: { departments: [{ id: x }] } }
- { reopen: true, sources: { lists: { departments: [{ id: y, title: Y }] } }, then: START, shows: { departments: [{ id: y }] } }`),
    [],
  )
})

test('a day is the day where the flow is at home, wherever that is', () => {
  const now = new Date('2030-01-01T00:00:00Z')
  for (const zone of ['UTC', 'Pacific/Kiritimati', 'Etc/GMT+12', 'Pacific/Auckland', 'America/Sao_Paulo']) {
    const dayOf = dayIn(zone)
    assert.equal(dayOf(momentOn({ dayOf }, '2026-03-02', now)), '2026-03-02', zone)
  }
  assert.equal(momentOn({ dayOf: dayIn('UTC') }, undefined, now), now)
})

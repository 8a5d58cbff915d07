import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { problemsOf, START, WHO } from './visit-tests.ts'

describe('a test that does not hold says why', () => {
  const cases: readonly [what: string, steps: string, said: string][] = [
    [
      'a selection that nothing sends',
      '- { screen: START, select: { trigger: verify, department: sales }, then: START }',
      'step 1: nothing on START sends that: there is Dropdown department { trigger: department, department }, EmbeddedLink { trigger: verify, coupon }, EmbeddedLink { go: resume, department, slot }',
    ],
    [
      'a selection on a screen without any',
      `${WHO}\n- { screen: WHO, select: { name: Ana }, then: WHO }`,
      'step 3: nothing on WHO sends that: it has no selection or link that asks the gateway',
    ],
    [
      'a choice that is not there',
      `${START}\n- { screen: START, fill: { slot: noon }, then: WHO }`,
      'step 2: START does not offer noon for slot: it offers nine, ten',
    ],
    [
      'what nobody can type',
      `${START}\n- { screen: START, fill: { slot: nine, price: "9" }, then: WHO }`,
      'step 2: nobody can type price on START: its button sends department, slot, coupon, flow_version, campaign, price as the Flow JSON says',
    ],
    [
      'a refusal nobody expected',
      `${START}\n- { screen: START, then: WHO }`,
      'step 2: START was expected to lead to WHO and led to START: slot refused (Please choose a time.)',
    ],
    [
      'other data',
      '- { screen: START, select: { department: sales }, then: START, shows: { slots: [{ id: nine }, { id: ten, title: x }], greeting: Hi } }',
      'step 1: START shows slots.1.title: expected "x", shown "10:00"|step 1: START shows greeting: expected "Hi", shown "Hello"',
    ],
    [
      'fewer items, and what should be empty',
      '- { screen: START, select: { department: sales }, then: START, shows: { slots: [], filled: {}, error_message: Oh } }',
      'step 1: START shows slots: expected 0 items, shown 2: [{"id":"nine","title":"09:00"},{"id":"ten","title":"10:00"}]|step 1: START shows filled: expected nothing in it, shown {"department":"sales"}|step 1: START shows error_message: expected "Oh", shown nothing',
    ],
    [
      'going back from the first screen',
      '- { screen: START, back: true, then: START }',
      'step 1: there is no screen behind START to go back to',
    ],
    [
      'a screen without a button',
      `${WHO}\n- { screen: WHO, then: TERMS }\n- { screen: TERMS, then: WHO }`,
      'step 4: TERMS has no button that leads anywhere',
    ],
    [
      'an ask without an answer in the way',
      '- { screen: START, select: { department: sales }, sources: { calendar: { free_slots: unavailable } }, then: WHO }',
      'step 1: START was expected to lead to WHO and led to START: slots could not be asked (The calendar is busy.)',
    ],
    [
      'records where nothing ends',
      `${START}`,
      'it expects records, but its steps neither submit the form nor hand the person over',
    ],
  ]
  for (const [what, steps, said] of cases) {
    test(what, async () => {
      const keys = what.startsWith('records') ? 'expect: { contact: null }' : ''
      assert.deepEqual(await problemsOf(steps, keys), said.split('|'))
    })
  }

  test('what is to be refused may be what no phone sends', async () => {
    assert.deepEqual(
      await problemsOf(`
${START}
- { screen: START, fill: { slot: nine, price: "9" }, then: START, shows: { error_message: The price has changed. } }
- { screen: START, fill: { slot: "" }, then: START, shows: { problems: { slot: Please choose a time. } } }`),
      [],
    )
  })
})

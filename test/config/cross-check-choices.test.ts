import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import { load } from './configuration-folder.ts'
import { flowJson, SMALL, screen } from './small-configuration.ts'

const FLOW = 'flows/ask/flow.yaml'
const MAPPING = 'flows/ask/mapping.yaml'

const plans = { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } }, __example__: [] }
const list = { type: 'RadioButtonsGroup', name: 'plan', 'data-source': `\${data.plans}` }

/** One screen with a choice: what `data` offers, what the field takes, and how the mapping looks it up. */
function choosing(offer: string, of: string, value: string): Record<string, string> {
  return {
    'destinations.yaml': SMALL['destinations.yaml'],
    'flows/ask/flow.json': flowJson(
      { ASK: [] },
      screen('ASK', { sends: ['plan'], data: { plans }, terminal: true, children: [list] }),
    ),
    [FLOW]: `flow: ask
title: Ask
version: "1"
first_screen: ASK
screens:
  ASK:
    fields:
      plan: { type: choice${of} }
    data:
      plans: ${offer}
    next: [{ submit: true }]
`,
    [MAPPING]: `records:
  - id: person
    to: main
    object: contacts
    operation: create
    fields:
      plan: ${value}
`,
  }
}

const OFFER = '[{ id: small, title: S }, { id: large, title: L }]'
const OF = ', of: [small, large]'

/** What is written → the lines that are said about it. */
const cases: Readonly<Record<string, readonly [Record<string, string>, ...string[]]>> = {
  'all fits': [choosing(OFFER, OF, '{ from: form.plan, lookup: { small: 1, large: 2 } }')],
  'a lookup has a key that the choice can never be': [
    choosing(OFFER, OF, '{ from: form.plan, lookup: { small: 1, lagre: 2 } }'),
    `${MAPPING}:7:52 advice FG_CONFIG_LOOKUP_UNUSED \`lagre\` is never looked up: field \`plan\` may only be small, large: did you mean \`large\`?`,
  ],
  'transforms come before the lookup': [
    choosing(OFFER, OF, '{ from: form.plan, apply: [upper], lookup: { SMALL: 1, LARGE: 2 } }'),
  ],
  'the choice takes anything': [choosing(OFFER, '', '{ from: form.plan, lookup: { anything: 1 } }')],
  'the screen offers what the field refuses': [
    choosing('[{ id: small, title: S }, { id: huge, title: H }]', OF, '{ from: form.plan }'),
    `${FLOW}:10:46 advice FG_CONFIG_OPTION_REFUSED the option \`huge\` is refused from whoever chooses it: field \`plan\` may only be small, large`,
  ],
}

for (const [name, [files, ...expected]] of Object.entries(cases)) {
  test(`where ${name}, ${expected.length === 0 ? 'nothing' : 'that'} is said`, async () => {
    const result = await load(files)
    assert.deepEqual(result.issues.map(formatIssue), expected)
    assert.equal(result.ok, true)
  })
}

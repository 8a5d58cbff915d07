import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import { load } from './configuration-folder.ts'
import { flowJson, SMALL, screen } from './small-configuration.ts'

const flow = `flow: ask
title: Ask
version: "1"
first_screen: ASK
titel: Question
screens:
  ASK:
    fields:
      name: { type: text, required: true }
      size: { type: integer }
    next:
      - when: { form.size: { gte: 50 } }
        show: LARGE
  LARGE:
    fields:
      budget: { type: integer }
    next:
      - submit: true
  FORGOTTEN:
    fields:
      goal: { type: text }
    next:
      - submit: true
  GONE:
    next:
      - submit: true
`

const mapping = `personal: [name]
records:
  - id: person
    to: mian
    object: contacts
    operation: upsert
    fields:
      name: { from: form.name, apply: [trim, uper] }
      city: { from: form.city }
      size: { expr: "$round(form.size" }
  - id: deal
    to: main
    object: deals
    operation: create
    after: [task]
    fields:
      title: { template: "{form.name}" }
  - id: task
    to: main
    object: tasks
    operation: create
    after: [deal]
    fields:
      title: { template: "{form.name}" }
`

test('ten mistakes in one configuration are each named at their place, and nothing else is', async () => {
  const result = await load({
    ...SMALL,
    'flows/ask/flow.json': flowJson(
      { ASK: ['LARGE', 'FORGOTTEN'], LARGE: [], FORGOTTEN: [] },
      screen('ASK', { sends: ['name', 'size'] }),
      screen('LARGE', { sends: ['budget'], terminal: true }),
      screen('FORGOTTEN', { sends: ['goal'], terminal: true }),
    ),
    'flows/ask/flow.yaml': flow,
    'flows/ask/mapping.yaml': mapping,
    'flows/ask/tests.yaml': `tests: [{ name: n, steps: [{ screen: ASK, then: LARGE }] }]\n`,
  })
  assert.equal(result.ok, false)
  assert.deepEqual(result.issues.map(formatIssue), [
    'flows/ask/flow.yaml:5:1 error FG_CONFIG_KEY_UNKNOWN unknown key `titel`: did you mean `title`?',
    'flows/ask/flow.yaml:11:5 error FG_CONFIG_NO_LAST_RESORT next has no last resort: end it with a rule without when, for answers none of its conditions cover',
    'flows/ask/flow.yaml:19:3 error FG_CONFIG_SCREEN_UNREACHABLE nobody can reach screen `FORGOTTEN`: no next shows it and no screen navigates to it',
    'flows/ask/flow.yaml:24:3 error FG_CONFIG_SCREEN_MISSING screen `GONE` is not in the Flow JSON',
    'flows/ask/mapping.yaml:3:5 error FG_CONFIG_MATCH the upsert of `person` needs `match`: the field that finds the record, such as `match: email`',
    'flows/ask/mapping.yaml:4:9 error FG_CONFIG_DESTINATION_UNKNOWN there is no destination `mian`: did you mean `main`?',
    'flows/ask/mapping.yaml:8:46 error FG_CONFIG_TRANSFORM unknown transform `uper`: did you mean `upper`?',
    'flows/ask/mapping.yaml:9:21 error FG_CONFIG_FIELD_UNKNOWN `form.city` names a field that no screen has',
    'flows/ask/mapping.yaml:10:21 error FG_CONFIG_EXPRESSION Expected ")" before end of expression (column 13 of the expression)',
    'flows/ask/mapping.yaml:22:13 error FG_CONFIG_CIRCLE records wait for one another in a circle: `deal` → `task` → `deal`',
  ])
})

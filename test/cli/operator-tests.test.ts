import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { run } from './terminal.ts'

const flowJson = String.raw`{
  "version": "7.3",
  "data_api_version": "4.0",
  "routing_model": { "INTRO": ["ASK"], "ASK": [] },
  "screens": [
    {
      "id": "INTRO", "title": "Hello", "data": {},
      "layout": { "type": "SingleColumnLayout", "children": [
        { "type": "TextInput", "name": "who", "label": "Name", "input-type": "text", "required": true },
        { "type": "Footer", "label": "On", "on-click-action": {
          "name": "navigate", "next": { "type": "screen", "name": "ASK" }, "payload": { "who": "\${form.who}" } } } ] }
    },
    {
      "id": "ASK", "title": "More", "terminal": true,
      "data": { "who": { "type": "string", "__example__": "Ana" } },
      "layout": { "type": "SingleColumnLayout", "children": [
        { "type": "TextInput", "name": "size", "label": "Size", "input-type": "number", "required": false },
        { "type": "Footer", "label": "Send", "on-click-action": {
          "name": "data_exchange", "payload": { "who": "\${data.who}", "size": "\${form.size}" } } } ] }
    }
  ]
}`.replaceAll('\\$', '$')

const flowYaml = `
flow: hello
title: Hello
version: "1"
first_screen: INTRO
screens:
  INTRO: {}
  ASK:
    data: { who: { from: form.who, default: "" } }
    fields: { who: { type: text, required: true }, size: { type: integer, min: 1 } }
    next: [{ submit: true }]
`

/** Runs `flowgate test` on this one flow with these tests. */
async function testing(testsYaml: string) {
  const folder = mkdtempSync(join(tmpdir(), 'flowgate-tests-'))
  const flow = join(folder, 'flows', 'hello')
  mkdirSync(flow, { recursive: true })
  writeFileSync(join(flow, 'flow.json'), flowJson)
  writeFileSync(join(flow, 'flow.yaml'), flowYaml)
  writeFileSync(join(flow, 'tests.yaml'), testsYaml)
  const ran = await run(['test', '--config', folder, '--json'])
  assert.notEqual(ran.code, 2, ran.err)
  const { tests } = JSON.parse(ran.out) as { tests: readonly { readonly problems: readonly string[] }[] }
  return { code: ran.code, problems: tests.flatMap(({ problems }) => problems) }
}

test('a screen that leads on by itself hands its answers to the next that asks', async () => {
  const { code, problems } = await testing(`
tests:
  - name: two screens, one request
    steps:
      - { screen: INTRO, fill: { who: Ana }, then: ASK }
      - { screen: ASK, fill: { size: "12" }, then: submitted }
`)
  assert.deepEqual([code, problems], [0, []])
})

test('an unexpected refusal is told with the field and the words the person saw', async () => {
  const { code, problems } = await testing(`
tests:
  - name: nobody
    steps:
      - { screen: INTRO, then: ASK }
      - { screen: ASK, fill: { size: 12 }, then: submitted }
`)
  assert.equal(code, 1)
  assert.match(problems.join(), /^step 2: ASK was expected to lead to submitted and led to ASK: who refused \(.+\)$/)
})

test('steps out of order, steps after the end, and expectations that nothing can meet are told', async () => {
  const { problems } = await testing(`
tests:
  - name: out of order
    steps: [{ screen: ASK, fill: { who: Ana }, then: submitted }]
  - name: after the end
    steps:
      - { screen: INTRO, fill: { who: Ana }, then: ASK }
      - { screen: ASK, then: submitted }
      - { screen: ASK, then: submitted }
`)
  assert.deepEqual(problems, [
    'step 1 is on ASK, but the person is on INTRO',
    'step 3 is on ASK, but the form is closed already',
  ])
})

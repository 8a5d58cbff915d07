import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json, JsonObject } from '../../src/plugin/json.ts'
import { said } from '../whatsapp/flow-json-text.ts'
import { load, places } from './configuration-folder.ts'
import { flowJson, screen, text } from './small-configuration.ts'

const navigate = (name: string): JsonObject => ({ name: 'navigate', next: { type: 'screen', name }, payload: {} })
const heading: JsonObject = { type: 'TextHeading', text: 'Terms' }
const layout = (...children: readonly Json[]): JsonObject => ({ type: 'SingleColumnLayout', children })

/** A page to read: nothing to tap, left by going back. */
const terms: JsonObject = { id: 'TERMS', title: 'Terms', layout: layout(heading) }

/** The shape of Meta's "Book an appointment": the last screen leads to the terms by the link of an OptIn. */
function appointment(page: JsonObject = terms, link = 'OptIn'): string {
  const agree: JsonObject = { type: link, name: 'agree', label: 'I agree', 'on-click-action': navigate('TERMS') }
  return flowJson(
    { APPOINTMENT: ['DETAILS'], DETAILS: ['SUMMARY'], SUMMARY: ['TERMS'], TERMS: [] },
    screen('APPOINTMENT', { sends: ['day'] }),
    screen('DETAILS', { sends: ['name'] }),
    screen('SUMMARY', { sends: ['note'], data: { summary: text() }, terminal: true, children: [agree] }),
    page,
  )
}

const folder = (json: string) => ({
  'flows/book/flow.json': json,
  'flows/book/flow.yaml': `flow: book
title: Book
version: "1"
first_screen: APPOINTMENT
screens:
  APPOINTMENT:
    fields: { day: { type: date } }
    next: [{ show: DETAILS }]
  DETAILS:
    fields: { name: { type: text } }
    next: [{ show: SUMMARY }]
  SUMMARY:
    fields: { note: { type: text } }
    data: { summary: { template: "{form.name}, {form.day}" } }
    next: [{ submit: true }]
`,
})

test('the terms of an appointment, read and left by going back, need neither a next screen nor a Footer', async () => {
  const withFooter = { ...terms, layout: layout(heading, { type: 'Footer', label: 'x', 'on-click-action': {} }) }
  for (const json of [appointment(), appointment(withFooter), appointment(withFooter, 'EmbeddedLink')]) {
    assert.deepEqual(said(JSON.parse(json)), [])
    const result = await load(folder(json))
    assert.deepEqual(places(result), [])
    assert.equal(result.ok, true)
  }
})

test('a route that ends at a form with a Footer is advice: only Meta can refuse it', async () => {
  const form = { ...terms, layout: layout(heading, { type: 'Footer', label: 'x', 'on-click-action': {} }) }
  const result = await load(folder(appointment(form, 'TextBody')))
  assert.equal(result.ok, true)
  assert.deepEqual(
    result.issues.map(({ severity, code }) => [severity, code]),
    [['advice', 'FG_CONFIG_FLOW_JSON_ROUTING']],
  )
})

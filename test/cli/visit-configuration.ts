import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Json, JsonObject } from '../../src/plugin/json.ts'

const form = (name: string): string => `\${form.${name}}`
const data = (name: string): string => `\${data.${name}}`
const text = { type: 'string', __example__: 'x' }
const object = { type: 'object', __example__: {} }
const options = {
  type: 'array',
  items: { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } },
  __example__: [],
}
const asks = (payload: JsonObject): JsonObject => ({ name: 'data_exchange', payload })
const leads = (name: string, payload: JsonObject = {}): JsonObject => ({
  name: 'navigate',
  next: { type: 'screen', name },
  payload,
})

function screen(id: string, children: readonly Json[], more: JsonObject = {}): JsonObject {
  return { id, title: id, data: {}, ...more, layout: { type: 'SingleColumnLayout', children } }
}

function footer(action: JsonObject): JsonObject {
  return { type: 'Footer', label: 'Go on', 'on-click-action': action }
}

/** START → WHO → DONE, with TERMS and ASIDE beside WHO, AGENT for people who take over, and links on START. */
const FLOW_JSON = {
  version: '7.3',
  data_api_version: '4.0',
  routing_model: {
    START: ['WHO'],
    WHO: ['DONE', 'AGENT', 'TERMS', 'ASIDE'],
    ASIDE: ['AGENT', 'DONE'],
    TERMS: [],
    DONE: [],
    AGENT: [],
  },
  screens: [
    screen(
      'START',
      [
        {
          type: 'Form',
          name: 'form',
          'init-values': data('filled'),
          'error-messages': data('problems'),
          children: [
            {
              type: 'Dropdown',
              name: 'department',
              label: 'Department',
              'data-source': data('departments'),
              'on-select-action': asks({ trigger: 'department', department: form('department') }),
            },
            { type: 'RadioButtonsGroup', name: 'slot', label: 'Time', 'data-source': data('slots') },
            { type: 'TextInput', name: 'coupon', label: 'Coupon' },
            {
              type: 'EmbeddedLink',
              text: 'Verify',
              'on-click-action': asks({ trigger: 'verify', coupon: form('coupon') }),
            },
            {
              type: 'EmbeddedLink',
              text: 'Go on',
              'on-click-action': asks({ go: 'resume', department: form('department'), slot: form('slot') }),
            },
            footer(
              asks({
                department: form('department'),
                slot: form('slot'),
                coupon: form('coupon'),
                flow_version: '1',
                campaign: 'poster',
                price: data('price'),
              }),
            ),
          ],
        },
      ],
      {
        data: {
          departments: options,
          slots: options,
          hint: text,
          price: text,
          today: text,
          greeting: text,
          filled: object,
          problems: object,
        },
      },
    ),
    screen(
      'WHO',
      [
        { type: 'TextInput', name: 'name', label: 'Name', required: true },
        { type: 'OptIn', name: 'agrees', label: 'I agree', 'on-click-action': leads('TERMS') },
        { type: 'EmbeddedLink', text: 'Something else', 'on-click-action': leads('ASIDE') },
        footer(asks({ name: form('name'), agrees: form('agrees'), slot: `\${screen.START.form.slot}` })),
      ],
      { refresh_on_back: true, data: { chosen: text } },
    ),
    screen('TERMS', [{ type: 'TextBody', text: 'Terms' }]),
    screen('ASIDE', [
      { type: 'EmbeddedLink', text: 'Somebody', 'on-click-action': leads('AGENT') },
      { type: 'EmbeddedLink', text: 'Nobody', 'on-click-action': leads('DONE', { thanks: 'As you like.' }) },
    ]),
    screen('DONE', [footer({ name: 'complete', payload: {} })], { terminal: true, data: { thanks: text } }),
    screen('AGENT', [footer({ name: 'complete', payload: {} })], { terminal: true }),
  ],
}

const FLOW_YAML = `
flow: visit
title: Visit
version: "1"
language: en
time_zone: Pacific/Auckland
first_screen: START
variants: { never: 0, short: 1, long: 1 }
sessions: { resume: offer }
person:
  tier: { from: asked.member.tier }
asks:
  departments: { source: lists, query: departments }
  slots:
    source: calendar
    query: free_slots
    with: { department: { from: form.department } }
    if_unavailable: { message: The calendar is busy. }
  member: { source: calendar, query: member, with: { phone: { from: person.phone } }, take: first }
screens:
  START:
    fields:
      department: { type: choice, required: true }
      slot: { type: choice, required: true, message: Please choose a time. }
      coupon: { type: text }
      price: { type: text }
    data:
      departments: { from: asked.departments }
      slots: { from: asked.slots, default: [] }
      hint: { first_of: [checks.coupon.message, person.tier, session.variant] }
      price: "10"
      today: { from: session.today }
      greeting: { by_language: { en: Hello, pt_BR: Olá } }
    triggers:
      - when: { sent.trigger: department }
        clear: [slot]
      - when: { sent.trigger: verify }
        checks: [coupon]
    checks:
      - id: coupon
        when: { form.coupon: { exists: true } }
        that: { form.coupon: SPRING }
        field: coupon
        message: Not valid.
        ok_message: 10 % off.
      - id: price
        when: { form.price: { exists: true } }
        that: { form.price: { from: data.price } }
        message: The price has changed.
    reserves:
      slot:
        source: calendar
        reserve: hold_slot
        release: free_slot
        with: { slot: { from: form.slot } }
        field: slot
        taken: Somebody was faster.
    next:
      - when: { sent.go: resume }
        resume: true
      - show: WHO
  WHO:
    fields:
      name: { type: text, required: true }
      agrees: { type: boolean }
    data: { chosen: { from: form.slot } }
    next:
      - when: { form.name: Boss }
        escalate: AGENT
        queue: bosses
      - submit: true
        show: DONE
  DONE: { data: { thanks: { template: "Thank you, {form.name}." } } }
  AGENT: {}
`

const MAPPING_YAML = `
records:
  - { id: contact, to: crm, object: contacts, operation: create, fields: { firstname: { from: form.name }, lead_source: { from: session.source.campaign } } }
hand_over:
  records:
    - { id: ticket, to: crm, object: tickets, operation: create, fields: { subject: { template: "{form.name} for {session.queue}" } } }
`

const DESTINATIONS_YAML = `
destinations:
  crm: { plugin: hubspot, config: { access_token: "\${HUBSPOT_ACCESS_TOKEN}" } }
sources:
  lists:
    plugin: static-source
    config: { lists: { departments: [{ id: sales, title: Sales }, { id: help, title: Help }] } }
  calendar:
    plugin: sql-source
    config: { url: "\${CALENDAR_URL}", queries: ./calendar.sql, writes: true }
    if_unavailable: accept_and_flag
`

const CALENDAR_SQL = `
-- name: free_slots
select id, title from slots where department = :department

-- name: member
select tier from members where phone = :phone

-- name: hold_slot (reserve)
update slots set held_by = :key where id = :slot and held_by is null returning id

-- name: free_slot (release)
update slots set held_by = null where id = :slot and held_by = :key
`

/**
 * A configuration folder with one flow that selects, verifies, reserves, hands over and resumes. Its lists are static;
 * its calendar is a database nobody reaches. `more` adds files or takes the place of some.
 */
export function visitConfiguration(more: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'flowgate-visit-'))
  const files = {
    'destinations.yaml': DESTINATIONS_YAML,
    'calendar.sql': CALENDAR_SQL,
    'flows/visit/flow.json': JSON.stringify(FLOW_JSON, null, 2),
    'flows/visit/flow.yaml': FLOW_YAML,
    'flows/visit/mapping.yaml': MAPPING_YAML,
    ...more,
  }
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

/** The same flow as an older version of itself. */
export function olderVersion(name: string): Readonly<Record<string, string>> {
  const at = `flows/visit@${name}`
  const renamed = JSON.stringify(FLOW_JSON).replaceAll('"flow_version":"1"', `"flow_version":"${name}"`)
  return {
    [`${at}/flow.json`]: renamed,
    [`${at}/flow.yaml`]: FLOW_YAML.replace('version: "1"', `version: "${name}"`),
    [`${at}/mapping.yaml`]: MAPPING_YAML,
  }
}

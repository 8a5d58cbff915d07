import type { JsonObject } from '../../src/plugin/json.ts'
import { flowJson, screen, text } from './small-configuration.ts'

/** A list of options as a Flow JSON declares it. */
const options: JsonObject = {
  type: 'array',
  items: { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } },
  __example__: [],
}

/** An action that asks the endpoint with this payload. */
export const ask = (payload: JsonObject): JsonObject => ({ name: 'data_exchange', payload })

const children = [
  { type: 'DatePicker', name: 'day', label: 'Day', 'on-select-action': ask({ trigger: 'day', day: `\${form.day}` }) },
  { type: 'RadioButtonsGroup', name: 'slot', label: 'Time', 'data-source': `\${data.slots}` },
  {
    type: 'EmbeddedLink',
    text: 'Verify',
    'on-click-action': ask({ trigger: 'verify', coupon: `\${form.coupon}` }),
  },
]

/** PICK → WHO → THANKS, with TALK where people take over and HELP as the way out. */
const DYNAMIC_FLOW_JSON = flowJson(
  { PICK: ['WHO', 'HELP'], WHO: ['THANKS', 'TALK'], HELP: ['WHO'], THANKS: [], TALK: [] },
  screen('PICK', { sends: ['day', 'slot', 'coupon'], data: { slots: options, hint: text() }, children }),
  screen('WHO', { sends: ['name', 'flow_version', 'utm_source'], children: [] }),
  screen('HELP', { sends: ['reason'] }),
  screen('THANKS', { terminal: true }),
  screen('TALK', { terminal: true }),
)

/** A flow that asks, checks, reserves, repeats, hands over and resumes. Loads without a word. */
export const DYNAMIC = {
  'destinations.yaml': `destinations:
  main: { plugin: crm, config: { token: secret } }
  team: { plugin: chat, config: { token: xoxb-1 } }
sources:
  calendar:
    plugin: table
    config: { file: calendar.sql }
    cache: { ttl: 30s, stale: 5m, nothing_found: 5s }
    breaker: { failures: 3, rest: 1m }
    if_unavailable: [stale, { message: { en: "Busy, please wait.", pt_BR: "Ocupado, aguarde." } }]
  shop:
    plugin: open
`,
  'flows/book/flow.json': DYNAMIC_FLOW_JSON,
  'flows/book/flow.yaml': `flow: book
title: Book
version: "1"
language: en
time_zone: America/Sao_Paulo
variants: { short: 1, long: 3 }
first_screen: PICK
sessions: { resume: [offer, person], stale_client: repaint }
messages: { sorry: { en: Sorry., pt_BR: Desculpe. } }
person:
  tier: { from: asked.customer.tier }
asks:
  customer:
    source: shop
    query: customer
    with: { phone: { from: person.phone } }
    take: first
  slots:
    source: calendar
    query: slots
    with: { day: { from: form.day }, tier: { from: asked.customer.tier } }
    if_unavailable: [stale, { show: HELP }]
  coupon:
    source: calendar
    query: coupon
    with: { code: { first_of: [sent.coupon, form.coupon] } }
    when: { form.coupon: { exists: true } }
    if_unavailable: accept_and_flag
screens:
  PICK:
    fields:
      day: { type: date, required: true }
      slot: { type: choice, required: true }
      coupon: { type: text, message: { en: Please check., pt_BR: Confira. } }
    data:
      slots:
        each: asked.slots
        where: { item.free: true }
        as: { id: { from: item.id }, title: { from: item.title } }
      hint: { first_of: [checks.coupon.message, session.today] }
    triggers:
      - when: { sent.trigger: day }
        clear: [slot]
      - when: { sent.trigger: { in: [verify] } }
        checks: [coupon]
    checks:
      - id: coupon
        that: { asked.coupon.valid: true }
        when: { form.coupon: { exists: true } }
        field: coupon
        message: { en: Not valid., pt_BR: Inválido. }
        ok_message: { en: "{asked.coupon.percent} % off", pt_BR: "{asked.coupon.percent} % de desconto" }
        value: { from: asked.coupon.percent }
        on_submit: false
    reserves:
      place:
        source: calendar
        reserve: hold
        release: free
        with: { slot: { from: form.slot } }
        field: slot
        taken: { en: Taken., pt_BR: Ocupado. }
    way_out: { after: 3, show: HELP }
    next:
      - resume: true
      - show: WHO
  WHO:
    fields:
      name: { type: text, required: true }
    repeat: { into: people, times: 2 }
    next:
      - when: { session.variant: long }
        escalate: TALK
        queue: sales
      - submit: true
        show: THANKS
  HELP:
    fields:
      reason: { type: text }
    next:
      - show: WHO
`,
  'flows/book/mapping.yaml': `personal: [name]
records:
  - id: person
    to: main
    object: contacts
    operation: create
    fields:
      name: { from: form.name }
      key: { from: session.reservations.place.key }
hand_over:
  records:
    - id: ticket
      to: main
      object: tickets
      operation: create
      fields: { subject: { template: "{session.queue}: {form.name}" } }
  notifications:
    - { id: page, to: team, after: [ticket], title: "{form.name} waits" }
expired:
  notifications:
    - { id: late, to: team, title: "{person.name} came too late" }
`,
  'flows/book/tests.yaml': `sources:
  shop: { customer: [{ tier: gold }] }
tests:
  - name: a coupon is verified and the form goes on
    language: pt_BR
    variant: short
    version: "1"
    sources: { calendar: { slots: [{ id: a, title: "09:00", free: true }], coupon: unavailable } }
    steps:
      - { screen: PICK, select: { trigger: day, day: "2026-05-04" }, then: PICK, shows: { hint: "2026-05-04" } }
      - { screen: PICK, back: true, then: PICK }
      - { reopen: true, then: PICK }
      - { screen: PICK, fill: { day: "2026-05-04", slot: a }, then: WHO }
    expect: { ticket: { subject: x } }
`,
} as const

type File = keyof typeof DYNAMIC

/** The dynamic configuration with one piece of text replaced. Fails where the piece does not occur exactly once. */
export function altered(file: File, piece: string, replacement: string): Record<string, string> {
  const parts = DYNAMIC[file].split(piece)
  if (parts.length !== 2) throw new Error(`${JSON.stringify(piece)} occurs ${parts.length - 1} times in ${file}`)
  return { ...DYNAMIC, [file]: parts.join(replacement) }
}

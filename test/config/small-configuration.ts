import type { Json, JsonObject } from '../../src/plugin/json.ts'

/** A data key as a Flow JSON declares it. */
export const text = (example = 'x'): JsonObject => ({ type: 'string', __example__: example })

/** The parts of a screen that tests vary. */
export interface ScreenParts {
  readonly sends?: readonly string[]
  readonly data?: JsonObject
  readonly terminal?: boolean
  readonly refreshOnBack?: boolean
  readonly children?: readonly Json[]
}

/** A screen whose Footer sends these inputs to the endpoint, or completes the flow where it sends nothing. */
export function screen(id: string, parts: ScreenParts): JsonObject {
  const { sends = [], data, terminal = false, refreshOnBack = false, children = [] } = parts
  const inputs = sends.map((name) => ({ type: 'TextInput', name, label: name }))
  const payload = Object.fromEntries(sends.map((name) => [name, `\${form.${name}}`]))
  const action = { name: sends.length === 0 ? 'complete' : 'data_exchange', payload }
  return {
    id,
    title: id,
    ...(data === undefined ? {} : { data }),
    ...(terminal ? { terminal } : {}),
    ...(refreshOnBack ? { refresh_on_back: true } : {}),
    layout: {
      type: 'SingleColumnLayout',
      children: [...inputs, ...children, { type: 'Footer', label: 'Go on', 'on-click-action': action }],
    },
  }
}

/** A Flow JSON 7.3 of these screens. */
export function flowJson(routing: JsonObject, ...screens: readonly JsonObject[]): string {
  return JSON.stringify({ version: '7.3', data_api_version: '4.0', routing_model: routing, screens }, null, 2)
}

/** ASK → DONE: the smallest configuration in which everything is used. Loads without a word. */
export const SMALL = {
  'flowgate.yaml': 'alerts: { to: team }\n',
  'destinations.yaml': `destinations:
  main:
    plugin: crm
    config: { token: secret }
  team:
    plugin: chat
    config: { token: xoxb-1 }
`,
  'flows/ask/flow.json': flowJson(
    { ASK: ['DONE'], DONE: [] },
    screen('ASK', { sends: ['name', 'size'], data: { hello: text() } }),
    screen('DONE', { sends: ['goal'], terminal: true }),
  ),
  'flows/ask/flow.yaml': `flow: ask
title: Ask
version: "1"
first_screen: ASK
screens:
  ASK:
    fields:
      name: { type: text, required: true }
      size: { type: integer }
    data:
      hello: Hello
    next:
      - when: { form.size: { gte: 50 } }
        show: DONE
      - show: DONE
  DONE:
    fields:
      goal: { type: text }
    next:
      - submit: true
`,
  'flows/ask/mapping.yaml': `identity: [email, name]
personal: [name]
records:
  - id: person
    to: main
    object: contacts
    operation: upsert
    match: name
    fields:
      name: { from: form.name }
notifications:
  - id: tell
    to: team
    title: "New: {form.name}"
`,
  'flows/ask/tests.yaml': `tests:
  - name: it works
    steps:
      - { screen: ASK, fill: { name: Ana }, then: DONE }
      - { screen: DONE, then: submitted }
    expect:
      person: { name: Ana }
`,
} as const

type File = keyof typeof SMALL

/** The small configuration with one piece of text replaced. Fails where the piece does not occur exactly once. */
export function changed(file: File, piece: string, replacement: string): Record<string, string> {
  const parts = SMALL[file].split(piece)
  if (parts.length !== 2) throw new Error(`${JSON.stringify(piece)} occurs ${parts.length - 1} times in ${file}`)
  return { ...SMALL, [file]: parts.join(replacement) }
}

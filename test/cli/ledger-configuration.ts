import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { CrmField, CrmObject } from '../../src/plugin/crm-object.ts'
import { SMALL } from '../config/small-configuration.ts'

/** A CRM that answers from a file of the configuration folder and writes down what it was told to prepare. */
const PLUGIN = `
import { definePlugin, FailureError } from 'flowgate/plugin'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export default definePlugin({
  apiVersion: 1, kind: 'crm', name: 'ledger', title: 'Ledger', configSchema: { type: 'object' },
  configure({ token }, { readFile }) {
    const state = async () => JSON.parse(await readFile('state.json'))
    return {
      async describe(objects) {
        const { down, known } = await state()
        if (down) throw new FailureError({ kind: 'permanent', scope: 'destination', code: 'LEDGER_TOKEN', message: 'The token is not right.' })
        return known.filter(({ name }) => objects.includes(name))
      },
      async prepare(uses, apply) {
        writeFileSync(join(import.meta.dirname, '..', 'asked.json'), JSON.stringify({ uses, apply }))
        const { needs } = await state()
        return needs.map((need) => ({ ...need, done: need.done || (apply && need.byHand === undefined) }))
      },
      deliver: async () => { throw new Error('nothing is delivered here') },
      health: async () => ({ ok: true, account: 'ledger' }),
      close: async () => {},
    }
  },
  classify: () => undefined,
})
`

/** As `PLUGIN`, of a vendor that can say nothing of itself. */
const SILENT = `
export default {
  apiVersion: 1, kind: 'crm', name: 'silent', title: 'Silent', configSchema: {},
  configure: () => ({ deliver: async () => {}, health: async () => {}, close: async () => {} }),
  classify: () => undefined,
}
`

const CHAT = SILENT.replace("kind: 'crm'", "kind: 'notification'")

const MAPPING = `records:
  - id: person
    to: main
    object: contacts
    operation: upsert
    match: email
    fields:
      email: { from: form.name }
      name: { from: form.name, write: if_empty }
      stage: { from: form.goal, lookup: { a: lead, b: Customer }, default: nobody }
      tags: red;blue
      topics: [red, green]
      tier: { choose: [{ when: { form.size: { gte: 5 } }, value: gold }, { value: silber }] }
      nmae: Ana
      created: { value: today }
      old_id: { from: form.goal, write: never }
      code: { by_language: { en: short, pt: muito longo } }
      note: { template: "{form.goal}" }
      shout: { value: silver, apply: [upper] }
  - id: deal
    to: main
    object: deals
    operation: create
    links: [person]
    fields: { title: New }
  - id: copy
    to: silent
    object: rows
    operation: create
    fields: { a: b }
hand_over:
  records:
    - id: ticket
      to: main
      object: tickts
      operation: create
      fields: { a: b }
`

const field = (name: string, more: Partial<CrmField> = {}): CrmField => {
  return { name, label: name, type: 'text', required: false, writable: true, unique: false, ...more }
}
const options = (...values: string[]) =>
  values.map((value) => ({ value, label: value.replace(/^./, (first) => first.toUpperCase()) }))

export const KNOWN: readonly CrmObject[] = [
  {
    name: 'contacts',
    label: 'Contact',
    fields: [
      field('email', { unique: true }),
      field('name', { maxLength: 100 }),
      field('stage', { type: 'choice', options: options('lead', 'customer') }),
      field('tags', { type: 'choices', options: options('red', 'blue') }),
      field('topics', { type: 'choices', options: options('red', 'blue') }),
      field('tier', { type: 'choice', options: options('gold', 'silver') }),
      field('created', { writable: false }),
      field('old_id', { writable: false }),
      field('code', { maxLength: 5 }),
      field('note'),
      field('shout', { type: 'choice', options: options('SILVER') }),
      field('owner', { required: true }),
    ],
  },
  {
    name: 'deals',
    label: 'Deal',
    fields: [
      field('title', { required: true }),
      field('amount', { type: 'number', required: true }),
      field('computed', { required: true, writable: false }),
      field('contact', { type: 'reference', required: true }),
    ],
  },
  { name: 'tickets', label: 'Ticket', fields: [field('a')] },
]

export interface LedgerState {
  readonly known?: readonly CrmObject[]
  readonly needs?: readonly { readonly description: string; readonly done: boolean; readonly byHand?: string }[]
  readonly down?: boolean
}

/** A configuration folder whose mappings go to a CRM in this state. */
export function ledgerConfiguration(
  { known = KNOWN, needs = [], down = false }: LedgerState,
  mapping = MAPPING,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'flowgate-ledger-'))
  const files = {
    ...SMALL,
    'destinations.yaml': `destinations:
  main: { plugin: ./ledger, config: { token: "\${LEDGER_TOKEN}" } }
  silent: { plugin: ./silent }
  team: { plugin: ./chat }
`,
    'flows/ask/mapping.yaml': mapping,
    'flows/ask/tests.yaml': 'tests: [{ name: it begins, steps: [{ screen: ASK, fill: { name: Ana }, then: DONE }] }]\n',
    'ledger/index.js': PLUGIN,
    'silent/index.js': SILENT,
    'chat/index.js': CHAT,
    'state.json': JSON.stringify({ known, needs, down }),
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

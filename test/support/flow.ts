import assert from 'node:assert/strict'
import type { Finding, Path } from '../../src/config/issue.ts'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import { compileFlow } from '../../src/flow/compile.ts'
import type { Flow } from '../../src/flow/model.ts'
import { compileMapping } from '../../src/map/compile.ts'
import type { Mapping } from '../../src/map/model.ts'
import type { Json, JsonObject } from '../../src/plugin/json.ts'
import { parseFlowJson } from '../../src/whatsapp/parse-flow-json.ts'

/** A screen of a Flow JSON in short: the payload keys its footer sends, and the data it declares. */
export interface ScreenSketch {
  readonly sends?: readonly string[]
  readonly data?: JsonObject
  readonly terminal?: boolean
  readonly refreshOnBack?: boolean
  /** Declared keys bound to the form's `error-messages` and `init-values`. */
  readonly errorMessages?: string
  readonly initValues?: string
  readonly children?: readonly JsonObject[]
}

/** A whole Flow JSON from sketches of its screens and its routing model. */
export function flowJsonOf(screens: Readonly<Record<string, ScreenSketch>>, routing: JsonObject): JsonObject {
  return {
    version: '7.3',
    data_api_version: '4.0',
    routing_model: routing,
    screens: Object.entries(screens).map(([id, sketch]) => screenOf(id, sketch)),
  }
}

function screenOf(id: string, sketch: ScreenSketch): JsonObject {
  const sends = sketch.sends ?? []
  const inputs = sends.map((name) => ({ type: 'TextInput', name, label: name, 'input-type': 'text' }))
  const payload = Object.fromEntries(sends.map((name) => [name, `\${form.${name}}`]))
  const footer = { type: 'Footer', label: 'Go on', 'on-click-action': { name: 'data_exchange', payload } }
  const form: Record<string, Json> = {
    type: 'Form',
    name: 'form',
    children: [...inputs, ...(sketch.children ?? []), footer],
  }
  if (sketch.errorMessages !== undefined) form['error-messages'] = `\${data.${sketch.errorMessages}}`
  if (sketch.initValues !== undefined) form['init-values'] = `\${data.${sketch.initValues}}`
  return {
    id,
    title: id,
    terminal: sketch.terminal === true,
    ...(sketch.refreshOnBack === true ? { refresh_on_back: true } : {}),
    ...(sketch.data === undefined ? {} : { data: sketch.data }),
    layout: { type: 'SingleColumnLayout', children: [form] },
  }
}

/** A flow ready to run; findings that are errors fail the test. */
export function flowOf(file: FlowFile, flowJson: JsonObject): Flow {
  const findings: Finding[] = []
  const parsed = parseFlowJson(flowJson, (finding) => findings.push(finding))
  const material = { flowJson: parsed, images: new Map(), place: (path: Path) => `flow.yaml:${path.join('.')}` }
  const flow = compileFlow(file, material, (finding) => findings.push(finding))
  assertNoErrors(findings)
  return flow
}

/** A mapping ready to run; findings that are errors fail the test. */
export function mappingOf(file: MappingFile): Mapping {
  const findings: Finding[] = []
  const mapping = compileMapping(file, (finding) => findings.push(finding))
  assertNoErrors(findings)
  return mapping
}

function assertNoErrors(findings: readonly Finding[]): void {
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  )
}

const text = (example: string): JsonObject => ({ type: 'string', __example__: example })

/** CONTACT → ENTERPRISE (50 people or more) | NEEDS → submitted, with errors bound on CONTACT and inputs refilled. */
export const leadFlowJson = flowJsonOf(
  {
    CONTACT: {
      sends: ['full_name', 'email', 'company_size'],
      data: {
        greeting: text('Hello'),
        problems: { type: 'object', __example__: {} },
        before: { type: 'object', __example__: {} },
      },
      errorMessages: 'problems',
      initValues: 'before',
    },
    ENTERPRISE: { sends: ['budget'], data: { title: text('Acme') }, terminal: true, refreshOnBack: true },
    NEEDS: { sends: ['interests'], terminal: true, refreshOnBack: true },
  },
  { CONTACT: ['ENTERPRISE', 'NEEDS'], ENTERPRISE: [], NEEDS: [] },
)

export const leadFlowFile: FlowFile = {
  flow: 'lead',
  title: 'Lead',
  version: '1',
  first_screen: 'CONTACT',
  answer: { outcome: 'received' },
  screens: {
    CONTACT: {
      fields: {
        full_name: { type: 'text', required: true, max_length: 80 },
        email: { type: 'email', required: true },
        company_size: { type: 'integer', min: 1 },
      },
      data: { greeting: { template: 'Hello {person.name}', default: 'Hello' } },
      next: [{ when: { 'form.company_size': { gte: 50 } }, show: 'ENTERPRISE' }, { show: 'NEEDS' }],
    },
    ENTERPRISE: {
      fields: { budget: { type: 'choice', required: true, of: ['under_10k', 'over_50k'] } },
      data: { title: { template: 'Budget of {form.full_name}' } },
      next: [{ submit: true }],
    },
    NEEDS: { fields: { interests: { type: 'choices', of: ['crm', 'support'] } }, next: [{ submit: true }] },
  },
}

export const leadMappingFile: MappingFile = {
  identity: ['phone', 'email'],
  dedupe: { window: '5m' },
  records: [
    {
      id: 'contact',
      to: 'crm',
      object: 'contacts',
      operation: 'upsert',
      match: 'email',
      fields: { email: { from: 'form.email', apply: ['trim', 'lower'] }, firstname: { from: 'form.full_name' } },
    },
    {
      id: 'deal',
      to: 'crm',
      object: 'deals',
      operation: 'create',
      links: ['contact'],
      fields: { dealname: { template: '{form.full_name}: {flow.title}' } },
    },
  ],
  notifications: [
    {
      id: 'tell',
      to: 'chat',
      after: ['contact'],
      title: 'New lead: {form.full_name}',
      link: { label: 'Open', url: '{records.contact.url}' },
    },
  ],
}

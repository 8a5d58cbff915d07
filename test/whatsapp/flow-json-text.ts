import type { Finding } from '../../src/config/issue.ts'
import type { Json, JsonObject } from '../../src/plugin/json.ts'
import type { FlowJson, FlowJsonScreen } from '../../src/whatsapp/flow-json.ts'
import { parseFlowJson } from '../../src/whatsapp/parse-flow-json.ts'

/** A layout of these components. */
export const layout = (...children: readonly Json[]): JsonObject => ({ type: 'SingleColumnLayout', children })

/** A Footer that asks the endpoint with this payload. */
export const footer = (payload: JsonObject = {}): JsonObject => ({
  type: 'Footer',
  label: 'Go on',
  'on-click-action': { name: 'data_exchange', payload },
})

/** A Flow JSON 7.3 of one terminal screen, with what a test varies. */
export function oneScreen(screen: JsonObject, rest: JsonObject = {}): JsonObject {
  const whole = { id: 'ONLY', title: 'Only', terminal: true, layout: layout(footer()), ...screen }
  return { version: '7.3', data_api_version: '4.0', routing_model: { ONLY: [] }, screens: [whole], ...rest }
}

/** What is said about a Flow JSON, as `path severity code message`. */
export function said(json: Json): readonly string[] {
  const findings: Finding[] = []
  parseFlowJson(json, (finding) => findings.push(finding))
  return findings.map(({ path, severity, code, message }) => `${path.join('.')} ${severity} ${code} ${message}`)
}

/** The parsed Flow JSON; throws where anything is said about it. */
export function parsed(json: JsonObject): FlowJson {
  return parseFlowJson(json, (finding) => {
    throw new Error(`${finding.path.join('.')} ${finding.message}`)
  })
}

/** The only screen of a parsed Flow JSON. */
export function parsedScreen(screen: JsonObject, rest: JsonObject = {}): FlowJsonScreen {
  const only = parsed(oneScreen(screen, rest)).screens.get('ONLY')
  if (only === undefined) throw new Error('the screen was not read')
  return only
}

/** A data key as a Flow JSON declares it. */
export const declared = (type: string, rest: JsonObject = {}): JsonObject => ({ type, __example__: null, ...rest })

import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { JsonObject } from '../../plugin/json.ts'
import type { Finding } from './finding.ts'
import type { FlowOnPhone, PhoneScreen } from './flow-on-phone.ts'

/** Meta's component reference: the whole data-channel payload stays below 1 MB where images matter. */
const LARGEST_ANSWER_BYTES = 1024 * 1024

/** What was asked, for judging the answer. */
export interface Asked {
  readonly action: 'INIT' | 'BACK' | 'data_exchange'
  /** The screen the request names; empty for INIT. */
  readonly screen: string
  readonly token: string
}

/**
 * Says what a phone would reject in an opened answer: its shape, a screen that does not exist or that `routing_model` does
 * not allow from here, and data that does not match the screen's declaration. Empty when the phone would show it.
 */
export type AnswerCheck = (answer: JsonObject, asked: Asked) => readonly Finding[]

/** Compiles a flow's declarations into a check, with a JSON Schema engine of the simulator's own. */
export function createAnswerCheck(flow: FlowOnPhone): AnswerCheck {
  const ajv = new Ajv({ strict: false, allErrors: true })
  const checks = new Map([...flow.screens.values()].map((screen) => [screen.id, compile(ajv, screen)]))
  return (answer, asked) => {
    const screen = answer['screen']
    const data = answer['data']
    if (typeof screen !== 'string') return [{ kind: 'shape', message: 'the answer has no text under "screen"' }]
    if (!isObject(data)) return [{ kind: 'shape', message: `the answer for ${screen} has no object under "data"` }]
    const findings = checkSize(answer)
    if (screen === 'SUCCESS') return [...findings, ...checkSuccess(data, asked.token)]
    const validate = checks.get(screen)
    if (!validate) {
      return [...findings, { kind: 'unknown-screen', message: `the screen ${screen} is not in the Flow JSON` }]
    }
    return [...findings, ...checkTransition(flow, screen, asked), ...checkData(validate, screen, data)]
  }
}

function compile(ajv: Ajv, screen: PhoneScreen): ValidateFunction {
  return ajv.compile({
    type: 'object',
    // The snackbar may come to every screen; one that declares it cannot do without.
    properties: { error_message: { type: 'string' }, ...screen.data },
    required: Object.keys(screen.data),
    additionalProperties: false,
  })
}

function checkSize(answer: JsonObject): Finding[] {
  const bytes = Buffer.byteLength(JSON.stringify(answer))
  if (bytes <= LARGEST_ANSWER_BYTES) return []
  return [{ kind: 'too-large', message: `the answer has ${bytes} bytes; phones take up to ${LARGEST_ANSWER_BYTES}` }]
}

function checkSuccess(data: JsonObject, token: string): Finding[] {
  const response = data['extension_message_response']
  const params = isObject(response) ? response['params'] : undefined
  if (!isObject(params)) {
    return [{ kind: 'shape', message: 'SUCCESS has no "extension_message_response.params" object in its data' }]
  }
  const found = params['flow_token']
  if (found === token) return []
  const message =
    found === undefined
      ? 'SUCCESS does not carry "flow_token" in its params'
      : 'SUCCESS carries the flow_token of another request'
  return [{ kind: 'missing-flow-token', message }]
}

/** Meta allows the same screen, a forward edge, and the way back along an edge; INIT only a screen no edge leads to. */
function checkTransition(flow: FlowOnPhone, screen: string, asked: Asked): Finding[] {
  if (asked.action === 'INIT') {
    if (flow.entryScreens.has(screen)) return []
    const entries = [...flow.entryScreens].join(', ')
    return [
      { kind: 'not-entry-screen', message: `INIT was answered by ${screen}, which is no entry screen (${entries})` },
    ]
  }
  const forward = flow.routing.get(asked.screen)?.has(screen)
  const backward = flow.routing.get(screen)?.has(asked.screen)
  if (screen === asked.screen || forward || backward) return []
  return [{ kind: 'unreachable-screen', message: `routing_model has no edge between ${asked.screen} and ${screen}` }]
}

function checkData(validate: ValidateFunction, screen: string, data: JsonObject): Finding[] {
  return validate(data) ? [] : (validate.errors ?? []).map((error) => dataFinding(error, screen))
}

function dataFinding(error: ErrorObject, screen: string): Finding {
  const place = error.instancePath.slice(1).replaceAll('/', '.')
  const below = (key: unknown) => (place === '' ? String(key) : `${place}.${key}`)
  if (error.keyword === 'additionalProperties') {
    const key = below(error.params['additionalProperty'])
    return { kind: 'undeclared-key', message: `${screen}: the data holds "${key}", which the screen does not declare` }
  }
  if (error.keyword === 'required') {
    const key = below(error.params['missingProperty'])
    return { kind: 'missing-key', message: `${screen}: the screen declares "${key}" and the data lacks it` }
  }
  return { kind: 'mistyped-key', message: `${screen}: "${place}" ${error.message ?? 'does not match its declaration'}` }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

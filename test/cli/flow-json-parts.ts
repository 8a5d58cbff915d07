import type { Json, JsonObject } from '../../src/plugin/json.ts'

/** A Flow JSON 7.3 with an endpoint. */
export function flowJson(routing: JsonObject, screens: readonly JsonObject[]): JsonObject {
  return { version: '7.3', data_api_version: '4.0', routing_model: routing, screens }
}

/** A screen with these components below each other. */
export function screen(id: string, children: readonly Json[], rest: JsonObject = {}): JsonObject {
  return { id, title: id, ...rest, layout: { type: 'SingleColumnLayout', children } }
}

/** A button. */
export function footer(action: JsonObject, label = 'Go on'): JsonObject {
  return { type: 'Footer', label, 'on-click-action': action }
}

/** An action that asks the gateway. */
export function sends(payload: JsonObject): JsonObject {
  return { name: 'data_exchange', payload }
}

/** An action that leads on without asking. */
export function navigates(to: string, payload: JsonObject = {}): JsonObject {
  return { name: 'navigate', next: { type: 'screen', name: to }, payload }
}

/** What stands in an input. */
export const form = (name: string): string => `\${form.${name}}`

/** What the screen is shown with. */
export const data = (name: string): string => `\${data.${name}}`

/** A screen that ends the form. */
export const LAST = { terminal: true, success: true }

/** The schema of a list of options. */
export const OPTIONS = {
  type: 'array',
  items: { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } },
  __example__: [
    { id: 'a', title: 'Some' },
    { id: 'b', title: 'Other' },
  ],
}

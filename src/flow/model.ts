import type { FieldFile } from '../config/schema/flow.ts'
import type { JsonObject } from '../plugin/json.ts'
import type { CompiledCondition, CompiledValue } from '../value/scope.ts'
import type { FlowJson } from '../whatsapp/flow-json.ts'

/** A flow ready to run: one version of one form. Immutable. */
export interface Flow {
  readonly name: string
  readonly title: string
  readonly version: string
  /** `minted`: only tokens of ours open a session. */
  readonly tokens: 'any' | 'minted'
  readonly firstScreen: string
  readonly idleExpirySeconds: number
  readonly purgeAfterSeconds: number
  readonly screens: ReadonlyMap<string, Screen>
  /** For each screen those that every way to it passes. */
  readonly before: ReadonlyMap<string, readonly string[]>
  readonly messages: Messages
  /** Whether the body of a 427 is sealed (default) or plain JSON. */
  readonly expiredBody: 'sealed' | 'plain'
  /** Extra `params` of the final answer, beside `flow_token`. */
  readonly answer: ReadonlyMap<string, CompiledValue>
  readonly flowJson: FlowJson
}

export interface Screen {
  readonly id: string
  readonly fields: ReadonlyMap<string, Field>
  readonly data: ReadonlyMap<string, CompiledValue>
  /** First match wins; the last has no condition. Empty where the screen never asks the endpoint. */
  readonly next: readonly Rule[]
}

export interface Rule {
  readonly when?: CompiledCondition
  readonly then: { readonly show: string } | 'submit'
}

export interface Field {
  readonly name: string
  readonly settings: FieldFile
  /** Tests `pattern` on RE2; absent where there is none. */
  readonly matches?: (text: string) => boolean
}

/** Words a person may see when the gateway itself has something to say. */
export interface Messages {
  readonly expired: string
  readonly sorry: string
  readonly busy: string
  readonly checkAnswers: string
  readonly incomplete: string
  readonly required: string
  readonly invalid: string
}

/** `flow.*` in values and conditions. */
export function flowScope(flow: Flow): JsonObject {
  return { name: flow.name, title: flow.title, version: flow.version }
}

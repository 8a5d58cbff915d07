import type { Path } from '../config/issue.ts'
import type { FieldFile } from '../config/schema/flow.ts'
import type { JsonObject } from '../plugin/json.ts'
import type { CompiledCondition, CompiledValue } from '../value/scope.ts'
import type { FlowJson } from '../whatsapp/flow-json.ts'
import type { Words } from './words.ts'

/** A flow ready to run: one version of one form. Immutable. */
export interface Flow {
  readonly name: string
  readonly title: string
  readonly version: string
  /** The payload key by which phones name the version they have. */
  readonly versionKey: string
  /** `minted`: only tokens of ours open a session. */
  readonly tokens: 'any' | 'minted'
  readonly firstScreen: string
  /** Entry screens that some people's INIT is answered by instead; the first that applies. */
  readonly opensAt: readonly { readonly when: CompiledCondition; readonly screen: string }[]
  readonly language: string | undefined
  /** The day in the flow's time zone, `YYYY-MM-DD`. */
  dayOf(now: Date): string
  /** In the order written; weights add up to more than 0. Empty where the flow has none. */
  readonly variants: readonly { readonly name: string; readonly weight: number }[]
  readonly idleExpirySeconds: number
  readonly purgeAfterSeconds: number
  readonly resume: { readonly offer: boolean; readonly person: boolean }
  readonly staleClient: 'accept' | 'repaint'
  readonly screens: ReadonlyMap<string, Screen>
  readonly asks: ReadonlyMap<string, Ask>
  /** Values by name, worked out where something refers to them. */
  readonly values: ReadonlyMap<string, CompiledValue>
  /** Attributes of the person worked out when a run begins. */
  readonly person: ReadonlyMap<string, CompiledValue>
  /** For each screen those that every way to it passes. */
  readonly before: ReadonlyMap<string, readonly string[]>
  readonly messages: Messages
  /** Whether the body of a 427 is sealed (default) or plain JSON. */
  readonly expiredBody: 'sealed' | 'plain'
  /** Extra `params` of the final answer, beside `flow_token`. */
  readonly answer: ReadonlyMap<string, CompiledValue>
  readonly flowJson: FlowJson
  /** Where in `flow.yaml` something stands, as `file:line:column`, for whoever has to repair it. */
  place(path: Path): string
}

export interface Screen {
  readonly id: string
  readonly fields: ReadonlyMap<string, Field>
  /** Fields that only selections of this screen send: its submit says nothing of them. */
  readonly selected: ReadonlySet<string>
  readonly data: ReadonlyMap<string, CompiledValue>
  readonly triggers: readonly Trigger[]
  readonly checks: readonly Check[]
  readonly reserves: ReadonlyMap<string, Reserve>
  /** Worked out when the screen is left, and kept with the answers. */
  readonly keep: ReadonlyMap<string, CompiledValue>
  readonly repeat?: { readonly into: string; readonly times: CompiledValue }
  readonly wayOut?: { readonly after: number; readonly outcome: Outcome }
  /** First match wins; the last has no condition. Empty where the screen never asks the endpoint. */
  readonly next: readonly Rule[]
  /** Screens that may be shown after it to people who have not answered it: by a trigger, its way out, a source's trouble. */
  readonly aside: ReadonlySet<string>
}

/** A request of a screen that is no submit. */
export interface Trigger {
  readonly when: CompiledCondition
  /** Ids of checks to run. */
  readonly checks: readonly string[]
  /** Whether those that do not hold are told, as on submit. */
  readonly tell: boolean
  /** Fields whose answers go. */
  readonly clear: readonly string[]
  readonly show?: string
}

export interface Check {
  readonly id: string
  readonly that: CompiledCondition
  readonly when?: CompiledCondition
  readonly field?: string
  readonly message: Words
  readonly okMessage?: Words
  readonly value?: CompiledValue
  readonly onSubmit: boolean
  /** Names of the form's fields it judges by: with other answers its outcome no longer holds. */
  readonly judges: readonly string[]
  /** Ids of the checks it refers to: where what one of them came to no longer holds, neither does this. */
  readonly buildsOn: readonly string[]
}

export interface Reserve {
  readonly source: string
  readonly reserve: string
  readonly release: string
  readonly with: ReadonlyMap<string, CompiledValue>
  readonly field?: string
  readonly taken: Words
}

/** A question to a source, named. */
export interface Ask {
  readonly name: string
  readonly source: string
  readonly query: string
  readonly with: ReadonlyMap<string, CompiledValue>
  readonly when?: CompiledCondition
  readonly take: 'all' | 'first'
  /** Tried in turn; empty where the source's own settings decide. */
  readonly ifUnavailable: readonly AskFallback[]
}

export type AskFallback =
  | { readonly kind: 'stale' }
  | { readonly kind: 'accept_and_flag' }
  | { readonly kind: 'message'; readonly words: Words }
  | { readonly kind: 'show'; readonly screen: string }

export interface Rule {
  readonly when?: CompiledCondition
  readonly outcome: Outcome
}

/** Where a screen leads. `thanks`: a terminal screen shown instead of closing the flow. */
export type Outcome =
  | { readonly kind: 'show'; readonly screen: string; readonly message?: Words }
  | { readonly kind: 'submit'; readonly thanks?: string }
  | { readonly kind: 'escalate'; readonly screen: string; readonly queue?: string }
  | { readonly kind: 'resume' }

export interface Field {
  readonly name: string
  readonly settings: FieldFile
  /** The field's own words for a refused or missing answer. */
  readonly message?: Words
  /** Whether an answer is needed. Absent where never; it refers to answers, the person and the session alone. */
  readonly required?: CompiledCondition
  /** Tests `pattern` on RE2; absent where there is none. */
  readonly matches?: (text: string) => boolean
}

/** Words a person may see when the gateway itself has something to say. */
export interface Messages {
  readonly expired: Words
  readonly sorry: Words
  readonly busy: Words
  readonly checkAnswers: Words
  readonly incomplete: Words
  readonly required: Words
  readonly invalid: Words
  readonly moved: Words
}

/** `flow.*` in values and conditions. */
export function flowScope(flow: Flow): JsonObject {
  return { name: flow.name, title: flow.title, version: flow.version }
}

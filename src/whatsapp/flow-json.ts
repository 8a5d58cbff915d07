import type { Path } from '../config/issue.ts'
import type { JsonObject } from '../plugin/json.ts'

/**
 * A Flow JSON as the gateway needs it, from Meta's reference (developers.facebook.com/docs/whatsapp/flows/reference/flowjson).
 * Built once per configuration by `parseFlowJson`; every question is answered without parsing again.
 */
export interface FlowJson {
  readonly version: string
  readonly dataApiVersion: string | undefined
  readonly screens: ReadonlyMap<string, FlowJsonScreen>
  /** Screens no edge leads to: the only ones INIT may answer. */
  readonly entryScreens: ReadonlySet<string>
  /** Forward edges of `routing_model`. */
  readonly routing: ReadonlyMap<string, ReadonlySet<string>>
}

export interface FlowJsonScreen {
  readonly id: string
  readonly terminal: boolean
  readonly refreshOnBack: boolean
  /** Keys its `data` declares. */
  readonly dataKeys: ReadonlySet<string>
  /** The JSON type each declared key has, for example `string` or `array`. */
  readonly dataTypes: ReadonlyMap<string, string>
  /** Declared keys bound to a Form's `error-messages` (an object: field → text). Filled by the gateway, `{}` when nothing is wrong. */
  readonly errorMessagesKeys: ReadonlySet<string>
  /** Declared keys bound to one component's `error-message`, with that component's name. Filled by the gateway, empty text when nothing is wrong. */
  readonly errorMessageKeys: ReadonlyMap<string, string>
  /** Keys bound to `init-values` (an object: field → value) and to one component's `init-value`, with that component's name. */
  readonly initValuesKeys: ReadonlySet<string>
  readonly initValueKeys: ReadonlyMap<string, string>
  /** Names of the inputs whose first value Meta wants as text, whatever its field's type: text inputs, dates, single choices. */
  readonly textInputs: ReadonlySet<string>
  /** Names of its inputs, whatever their payload calls them. */
  readonly inputs: ReadonlySet<string>
  /** Top-level keys of every `data_exchange` payload on this screen, and whether there is such an action at all. */
  readonly payloadKeys: ReadonlySet<string>
  readonly asksEndpoint: boolean
  /** Its `data_exchange` actions, in the order in which they stand. */
  readonly exchanges: readonly Exchange[]
  /** Screens that `navigate` actions on this screen lead to without asking the endpoint. */
  readonly navigatesTo: ReadonlySet<string>
  /** Declared keys that feed a list component, with the most items Meta shows there. */
  readonly listLimits: ReadonlyMap<string, number>
  /** Declared keys that feed the list of an input, with that input's name. */
  readonly listInputs: ReadonlyMap<string, string>
  /** What is wrong with `data` for this screen: undeclared, missing or mistyped keys. Empty when it fits. `error_message` is always allowed. */
  check(data: JsonObject): readonly DataFault[]
}

/** One action of a screen that asks the endpoint. */
export interface Exchange {
  /** The attribute that holds it: `on-select-action` is a selection, `on-click-action` a tap. */
  readonly attribute: string
  /** As written: texts such as `${form.email}` are filled by the phone, everything else is sent as it stands. */
  readonly payload: JsonObject
  /** Where its payload stands in the Flow JSON. */
  readonly path: Path
}

export interface DataFault {
  /** Dotted path inside `data`, for example `slots.0.title`. */
  readonly path: string
  readonly message: string
}

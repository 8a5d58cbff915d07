import type { Json, JsonObject } from '../../plugin/json.ts'

/** A Flow JSON as a phone uses it: what is on each screen, and what its buttons do. Read by code of the simulator's own. */
export interface FlowOnPhone {
  readonly screens: ReadonlyMap<string, PhoneScreen>
  /** Screens no edge leads to: the only ones that may answer INIT. */
  readonly entryScreens: ReadonlySet<string>
  /** Forward edges of `routing_model`. */
  readonly routing: ReadonlyMap<string, ReadonlySet<string>>
  /** `data_api_version`, which phones send as `version`. */
  readonly version: string
}

export interface PhoneScreen {
  readonly id: string
  readonly refreshOnBack: boolean
  /** The JSON Schema of each key its `data` declares. */
  readonly data: JsonObject
  readonly inputs: readonly Input[]
  /** What its footer does, else its first link or list; absent on a screen that leads nowhere. */
  readonly press: Action | undefined
  /** Everything on it that can be tapped or selected and leads to a request or to another screen, in the order written. */
  readonly actions: readonly Action[]
  /** `init-values` of its Form, as written. */
  readonly initValues: Json | undefined
  /** Keys of its data that say what is wrong with the answers: those bound to `error-messages` and `error-message`, and the snackbar. */
  readonly errorKeys: ReadonlySet<string>
  /** Whether something on it changes its data without asking (`update_data`): then lists are not what was shown. */
  readonly updatesData: boolean
}

export interface Input {
  readonly name: string
  /** The component, for example `TextInput`. */
  readonly component: string
  readonly inputType: string | undefined
  /** What there is to choose from, as written. */
  readonly dataSource: Json | undefined
  readonly initValue: Json | undefined
  /** Whether it can be answered, as written; absent where it always can. */
  readonly enabled: Json | undefined
}

export interface Action {
  readonly name: 'data_exchange' | 'navigate' | 'complete'
  readonly payload: JsonObject
  /** Where `navigate` leads. */
  readonly next: string | undefined
  /** The component it is on, for example `DatePicker`. */
  readonly component: string
  /** The attribute that holds it, for example `on-select-action`. */
  readonly attribute: string
  /** The name of that component, where it has one. */
  readonly input: string | undefined
}

/** Components a person answers. */
const INPUTS: ReadonlySet<string> = new Set([
  'TextInput',
  'TextArea',
  'CheckboxGroup',
  'RadioButtonsGroup',
  'Dropdown',
  'ChipsSelector',
  'DatePicker',
  'CalendarPicker',
  'OptIn',
  'PhotoPicker',
  'DocumentPicker',
  'NavigationList',
])

/** Throws a sentence where the value is no Flow JSON with screens. */
export function readFlowOnPhone(flowJson: unknown): FlowOnPhone {
  const root = objectOf(flowJson)
  const list = Array.isArray(root['screens']) ? root['screens'].map(objectOf) : []
  if (list.length === 0) throw new Error('the Flow JSON has no screens')
  const screens = new Map(list.map((screen) => [String(screen['id']), readScreen(screen)]))
  const routing = readRouting(objectOf(root['routing_model']))
  const led = new Set([...routing.values()].flatMap((targets) => [...targets]))
  const entryScreens = new Set([...screens.keys()].filter((id) => !led.has(id)))
  return { screens, routing, entryScreens, version: String(root['data_api_version'] ?? '3.0') }
}

/** The action of a list item that the gateway sent; `undefined` where the item has none. `list` is the component's name. */
export function actionOfItem(item: Json, list: string | undefined): Action | undefined {
  return readAction(objectOf(item), 'on-click-action', 'NavigationList', list)
}

function readRouting(model: JsonObject): FlowOnPhone['routing'] {
  return new Map(Object.entries(model).map(([from, to]) => [from, new Set(Array.isArray(to) ? to.map(String) : [])]))
}

function readScreen(screen: JsonObject): PhoneScreen {
  const components = componentsOf(objectOf(screen['layout'])['children'])
  const form = components.find((component) => component['type'] === 'Form')
  const actions = components.flatMap(actionsOf)
  return {
    id: String(screen['id']),
    refreshOnBack: screen['refresh_on_back'] === true,
    data: objectOf(screen['data']),
    inputs: components.filter((component) => INPUTS.has(String(component['type']))).map(readInput),
    press: actions.find(isFooter) ?? actions.find(({ attribute }) => attribute === 'on-click-action'),
    actions,
    initValues: form?.['init-values'],
    errorKeys: new Set(['error_message', ...components.flatMap(errorKeysOf)]),
    updatesData: JSON.stringify(screen).includes('"update_data"'),
  }
}

/** A Form may bind its whole attribute to one key, or write it out with a key for each input. */
function errorKeysOf(component: JsonObject): readonly string[] {
  const whole = component['error-messages'] ?? component['error-message'] ?? ''
  const bound = typeof whole === 'string' ? [whole] : Object.values(objectOf(whole))
  return bound.flatMap((value) => /^\$\{data\.([^.}]+)\}$/.exec(String(value))?.[1] ?? [])
}

function isFooter({ component, attribute }: Action): boolean {
  return component === 'Footer' && attribute === 'on-click-action'
}

function readInput(component: JsonObject): Input {
  const inputType = component['input-type']
  return {
    name: String(component['name']),
    component: String(component['type']),
    inputType: typeof inputType === 'string' ? inputType : undefined,
    dataSource: component['data-source'] ?? component['list-items'],
    initValue: component['init-value'],
    enabled: component['enabled'],
  }
}

/** The actions of a component, and those of a NavigationList's written-out items. */
function actionsOf(component: JsonObject): Action[] {
  const type = String(component['type'])
  const input = typeof component['name'] === 'string' ? component['name'] : undefined
  const items = Array.isArray(component['list-items']) ? component['list-items'] : []
  return [
    ...Object.keys(component).map((attribute) => readAction(component, attribute, type, input)),
    ...items.map((item) => actionOfItem(item, input)),
  ].filter((action) => action !== undefined)
}

function readAction(
  holder: JsonObject,
  attribute: string,
  component: string,
  input: string | undefined,
): Action | undefined {
  if (!/^on-[a-z]+-action$/.test(attribute)) return undefined
  const action = objectOf(holder[attribute])
  const name = action['name']
  if (name !== 'data_exchange' && name !== 'navigate' && name !== 'complete') return undefined
  const next = objectOf(action['next'])['name']
  return {
    name,
    payload: objectOf(action['payload']),
    next: typeof next === 'string' ? next : undefined,
    component,
    attribute,
    input,
  }
}

/** Every component of a layout, with those inside Form, If and Switch. */
function componentsOf(children: Json | undefined): JsonObject[] {
  if (!Array.isArray(children)) return []
  return children
    .map(objectOf)
    .flatMap((component) => [
      component,
      ...componentsOf(component['children']),
      ...componentsOf(component['then']),
      ...componentsOf(component['else']),
      ...Object.values(objectOf(component['cases'])).flatMap(componentsOf),
    ])
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

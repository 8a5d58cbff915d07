import type { Json, JsonObject } from '../../plugin/json.ts'

/** A Flow JSON as a phone uses it: what is on each screen, and what its button does. Read by code of the simulator's own. */
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
  /** `init-values` of its Form, as written. */
  readonly initValues: Json | undefined
}

export interface Input {
  readonly name: string
  /** The component, for example `TextInput`. */
  readonly component: string
  readonly inputType: string | undefined
  readonly dataSource: Json | undefined
  readonly initValue: Json | undefined
}

export interface Action {
  readonly name: 'data_exchange' | 'navigate' | 'complete'
  readonly payload: JsonObject
  /** Where `navigate` leads. */
  readonly next: string | undefined
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

function readRouting(model: JsonObject): FlowOnPhone['routing'] {
  return new Map(Object.entries(model).map(([from, to]) => [from, new Set(Array.isArray(to) ? to.map(String) : [])]))
}

function readScreen(screen: JsonObject): PhoneScreen {
  const components = componentsOf(objectOf(screen['layout'])['children'])
  const form = components.find((component) => component['type'] === 'Form')
  return {
    id: String(screen['id']),
    refreshOnBack: screen['refresh_on_back'] === true,
    data: objectOf(screen['data']),
    inputs: components.filter((component) => INPUTS.has(String(component['type']))).map(readInput),
    press: readPress(components),
    initValues: form?.['init-values'],
  }
}

function readInput(component: JsonObject): Input {
  const inputType = component['input-type']
  return {
    name: String(component['name']),
    component: String(component['type']),
    inputType: typeof inputType === 'string' ? inputType : undefined,
    dataSource: component['data-source'],
    initValue: component['init-value'],
  }
}

function readPress(components: readonly JsonObject[]): Action | undefined {
  const footersFirst = [...components].sort((a, b) => Number(b['type'] === 'Footer') - Number(a['type'] === 'Footer'))
  for (const component of footersFirst) {
    const action = objectOf(component['on-click-action'])
    const name = action['name']
    if (name === 'data_exchange' || name === 'navigate' || name === 'complete') {
      const next = objectOf(action['next'])['name']
      return { name, payload: objectOf(action['payload']), next: typeof next === 'string' ? next : undefined }
    }
  }
  return undefined
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

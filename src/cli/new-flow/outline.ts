import type { Json, JsonObject } from '../../plugin/json.ts'
import { type Action, actionsOf, actionsOfExample, type Component, componentsIn } from '../../whatsapp/components.ts'
import type { FlowJson, FlowJsonScreen } from '../../whatsapp/flow-json.ts'
import { isObject, itemsOf } from '../../whatsapp/json-shape.ts'

/** A Flow JSON without mistakes, as far as a draft of `flow.yaml` is made of it. */
export interface Outline {
  readonly flowJson: FlowJson
  readonly screens: ReadonlyMap<string, OutlinedScreen>
}

export interface OutlinedScreen {
  readonly id: string
  readonly title: string | undefined
  readonly shape: FlowJsonScreen
  /** Data key → JSON Schema, as the screen declares them. */
  readonly data: JsonObject
  /** Inputs by name: several where branches of an If or Switch each have one. */
  readonly inputs: ReadonlyMap<string, readonly OutlinedInput[]>
  /** What asks the endpoint when the person goes on. */
  readonly submits: readonly Request[]
  /** What asks the endpoint and stays: selections, and links beside a button. */
  readonly pulls: readonly Request[]
  /** Ways that lead on without the endpoint, those of buttons first. */
  readonly ways: readonly Way[]
}

export interface OutlinedInput {
  readonly type: string
  readonly node: JsonObject
  /** It can be hidden or switched off, so nobody may count on an answer. */
  readonly conditional: boolean
}

/** One `data_exchange` action. */
export interface Request {
  readonly payload: JsonObject
  /** The component it is on. */
  readonly by: Component
  readonly attribute: string
}

/** One `navigate` action. */
export interface Way {
  readonly to: string
  readonly payload: JsonObject
  readonly by: string
}

/** Components a person answers (Meta, "Components"). */
const INPUTS: ReadonlySet<string> = new Set([
  ...['TextInput', 'TextArea', 'DatePicker', 'CalendarPicker', 'OptIn'],
  ...['Dropdown', 'RadioButtonsGroup', 'CheckboxGroup', 'ChipsSelector', 'PhotoPicker', 'DocumentPicker'],
])

/** Components people leave a screen by. */
const BUTTONS: ReadonlySet<string> = new Set(['Footer', 'NavigationList'])

/** Reads `json`, whose meaning is `flowJson`, screen by screen. */
export function outlineOf(json: Json, flowJson: FlowJson): Outline {
  const screens = new Map<string, OutlinedScreen>()
  for (const [index, node] of itemsOf(isObject(json) ? json['screens'] : undefined)) {
    const id = isObject(node) ? node['id'] : undefined
    const shape = typeof id === 'string' ? flowJson.screens.get(id) : undefined
    if (isObject(node) && shape !== undefined) screens.set(shape.id, outlineScreen(node, index, shape))
  }
  return { flowJson, screens }
}

function outlineScreen(node: JsonObject, index: number, shape: FlowJsonScreen): OutlinedScreen {
  const layout = isObject(node['layout']) ? node['layout'] : {}
  const components = [...componentsIn(layout['children'], ['screens', index, 'layout', 'children'])]
  const data = isObject(node['data']) ? node['data'] : {}
  const actionsAt = (by: Component): readonly Action[] => [
    ...actionsOf(by),
    ...actionsOfExample(by, data, ['screens', index, 'data']),
  ]
  const acting = components.flatMap((by) => actionsAt(by).map((action) => ({ by, action })))
  const ways = acting.flatMap(({ by, action }) => wayOf(by, action))
  const title = node['title']
  return {
    id: shape.id,
    title: typeof title === 'string' ? title : undefined,
    shape,
    data,
    inputs: inputsOf(components),
    ...requestsOf(acting),
    ways: ways.toSorted((one, other) => Number(BUTTONS.has(other.by)) - Number(BUTTONS.has(one.by))),
  }
}

function inputsOf(components: readonly Component[]): ReadonlyMap<string, readonly OutlinedInput[]> {
  const inputs = new Map<string, OutlinedInput[]>()
  for (const { type, node, path } of components) {
    const { name } = node
    if (!INPUTS.has(type) || typeof name !== 'string') continue
    const branched = path.some((part) => part === 'then' || part === 'else' || part === 'cases')
    const conditional = branched || [node['visible'], node['enabled']].some((is) => is !== undefined && is !== true)
    inputs.set(name, [...(inputs.get(name) ?? []), { type, node, conditional }])
  }
  return inputs
}

interface Acting {
  readonly by: Component
  readonly action: Action
}

/** Where a button asks, the rest are pulls; without a button links lead on, and without those selections do. */
function requestsOf(acting: readonly Acting[]): Pick<OutlinedScreen, 'submits' | 'pulls'> {
  const asking = acting.filter(({ action }) => action.name === 'data_exchange')
  const isButton = ({ by }: Acting): boolean => BUTTONS.has(by.type)
  const isTap = ({ action }: Acting): boolean => action.attribute !== 'on-select-action'
  const leaves = acting.some(({ action }) => action.name === 'navigate' || action.name === 'complete')
  const submits = asking.some(isButton)
    ? asking.filter(isButton)
    : acting.some(isButton)
      ? []
      : asking.some(isTap)
        ? asking.filter(isTap)
        : leaves
          ? []
          : asking
  return {
    submits: submits.map(requestOf),
    pulls: asking.filter((one) => !submits.includes(one)).map(requestOf),
  }
}

function requestOf({ by, action }: Acting): Request {
  const { payload } = action.node
  return { payload: isObject(payload) ? payload : {}, by, attribute: action.attribute }
}

function wayOf(by: Component, { name, node }: Action): readonly Way[] {
  const { next, payload } = node
  if (name !== 'navigate' || !isObject(next) || typeof next['name'] !== 'string') return []
  return [{ to: next['name'], payload: isObject(payload) ? payload : {}, by: by.type }]
}

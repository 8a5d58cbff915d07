import type { Path } from '../config/issue.ts'
import type { Json, JsonObject } from '../plugin/json.ts'
import { isObject, itemsOf } from './json-shape.ts'

/** One component of a screen's layout, wherever it is nested. */
export interface Component {
  readonly type: string
  readonly node: JsonObject
  readonly path: Path
}

/** One action of a component: what happens when the person taps or selects. */
export interface Action {
  /** `data_exchange`, `navigate`, `complete`, `update_data` or `open_url`. */
  readonly name: string
  /** The attribute that holds it, for example `on-select-action`. */
  readonly attribute: string
  readonly node: JsonObject
  readonly path: Path
}

/** All components below `children`, containers before their content: Form, If and Switch are the containers Meta has. */
export function* componentsIn(children: Json | undefined, path: Path): Generator<Component> {
  for (const [index, node] of itemsOf(children)) {
    if (!isObject(node)) continue
    const at = [...path, index]
    yield { type: typeof node['type'] === 'string' ? node['type'] : '', node, path: at }
    yield* componentsIn(node['children'], [...at, 'children'])
    yield* componentsIn(node['then'], [...at, 'then'])
    yield* componentsIn(node['else'], [...at, 'else'])
    const { cases } = node
    if (!isObject(cases)) continue
    for (const [name, branch] of Object.entries(cases)) yield* componentsIn(branch, [...at, 'cases', name])
  }
}

/** The actions of one component, and those of a NavigationList's written-out items. */
export function* actionsOf(component: Component): Generator<Action> {
  yield* actionsIn(component.node, component.path)
  for (const [index, item] of itemsOf(component.node['list-items'])) {
    if (isObject(item)) yield* actionsIn(item, [...component.path, 'list-items', index])
  }
}

/** The actions of items that a NavigationList takes from the screen's data, as the `__example__` there has them. */
export function* actionsOfExample({ node }: Component, declared: JsonObject, dataPath: Path): Generator<Action> {
  const key = boundKey(node['list-items'])
  const schema = key === undefined ? undefined : declared[key]
  if (key === undefined || !isObject(schema)) return
  for (const [index, item] of itemsOf(schema['__example__'])) {
    if (isObject(item)) yield* actionsIn(item, [...dataPath, key, '__example__', index])
  }
}

function* actionsIn(node: JsonObject, path: Path): Generator<Action> {
  for (const [attribute, action] of Object.entries(node)) {
    if (!/^on-[a-z]+-action$/u.test(attribute) || !isObject(action) || typeof action['name'] !== 'string') continue
    yield { name: action['name'], attribute, node: action, path: [...path, attribute] }
  }
}

/** The data key an attribute is wholly bound to: `${data.slots}` gives `slots`, anything else nothing. */
export function boundKey(value: Json | undefined): string | undefined {
  if (typeof value !== 'string') return undefined
  return /^\s*\$\{data\.([^.}\s]+)\}\s*$/u.exec(value)?.[1]
}

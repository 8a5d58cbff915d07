import type { Finding, Path, Report } from '../config/issue.ts'
import type { Json, JsonObject } from '../plugin/json.ts'
import { bindingsOf } from './bindings.ts'
import { type Action, actionsOf, actionsOfExample, type Component, componentsIn } from './components.ts'
import { compileDataCheck, SNACKBAR_KEY, schemaFault } from './data-check.ts'
import type { Exchange, FlowJsonScreen } from './flow-json.ts'
import { type ImageSlot, imageSlots } from './images.ts'
import { isObject, textsOf } from './json-shape.ts'
import { type BoundList, boundList, writtenList } from './lists.ts'

/** A screen with what only the checks between screens need. */
export interface ParsedScreen {
  readonly screen: FlowJsonScreen
  readonly path: Path
  readonly hasFooter: boolean
  readonly navigations: readonly Navigation[]
}

/** One `navigate` action: where it leads, where it stands, and the type of the component it is on. */
interface Navigation {
  readonly to: string
  readonly path: Path
  readonly by: string
}

/** Reads one screen and reports what Meta would refuse in it. */
export function parseScreen(node: JsonObject, id: string, path: Path, version: string, report: Report): ParsedScreen {
  const problem = (at: Path, message: string, code = 'FG_CONFIG_FLOW_JSON_COMPONENT'): void =>
    report({ severity: 'error', path: at, code, message })
  const layout = isObject(node['layout']) ? node['layout'] : {}
  if (!Array.isArray(layout['children'])) {
    report(missing(path, `screen \`${id}\` has no layout with a list of children`))
  }
  const components = [...componentsIn(layout['children'], [...path, 'layout', 'children'])]
  const declared = readData(node['data'], id, [...path, 'data'], report)
  const actionsAt = (component: Component): readonly Action[] => [
    ...actionsOf(component),
    ...actionsOfExample(component, declared, [...path, 'data']),
  ]
  const actions = components.flatMap(actionsAt)
  const lists: BoundList[] = []
  const images: ImageSlot[] = []
  for (const component of components) {
    const list = boundList(component, declared)
    if (list !== undefined) lists.push(list)
    images.push(...imageSlots(component, list, version))
  }
  checkComponents(components, node['terminal'] === true, id, path, problem)
  checkReferences(layout, components, declared, id, [...path, 'layout'], problem)
  adviseOnSelects(actions, id, path, report)
  const exchanges = actions.filter(({ name }) => name === 'data_exchange').map(exchangeOf)
  const navigations = components.flatMap((component) =>
    actionsAt(component).flatMap((action) => navigationOf(action, component.type)),
  )
  const screen: FlowJsonScreen = {
    id,
    terminal: node['terminal'] === true,
    refreshOnBack: node['refresh_on_back'] === true,
    dataKeys: new Set(Object.keys(declared)),
    dataTypes: new Map(
      Object.entries(declared).map(([key, schema]) => [key, isObject(schema) ? String(schema['type']) : '']),
    ),
    ...bindingsOf(components),
    textInputs: textInputsOf(components),
    inputs: new Set(components.flatMap(({ node: { name } }) => (typeof name === 'string' ? [name] : []))),
    payloadKeys: new Set(exchanges.flatMap(({ payload }) => Object.keys(payload))),
    asksEndpoint: exchanges.length > 0,
    exchanges,
    navigatesTo: new Set(navigations.map(({ to }) => to)),
    listLimits: limitsOf(lists),
    listInputs: new Map(lists.flatMap(({ key, input }) => (input === undefined ? [] : [[key, input]]))),
    check: compileDataCheck({ declared, lists, images }),
  }
  return { screen, path, hasFooter: components.some(({ type }) => type === 'Footer'), navigations }
}

type Problem = (at: Path, message: string, code?: string) => void

function missing(path: Path, message: string): Finding {
  return { severity: 'error', path, code: 'FG_CONFIG_FLOW_JSON_SHAPE', message }
}

/** The usable part of a screen's `data`; every fault is reported at its key. */
function readData(data: Json | undefined, id: string, path: Path, report: Report): JsonObject {
  if (data === undefined) return {}
  if (!isObject(data)) {
    report(missing(path, `the data of screen \`${id}\` must be an object of JSON Schemas`))
    return {}
  }
  const usable: [string, Json][] = []
  for (const [key, schema] of Object.entries(data)) {
    const code = 'FG_CONFIG_FLOW_JSON_DATA'
    const at = { path: [...path, key], atKey: true, code } as const
    const fault = schemaFault(schema)
    if (fault === undefined) usable.push([key, schema])
    else report({ severity: 'error', ...at, message: `data key \`${key}\` of screen \`${id}\` ${fault}` })
    if (isObject(schema) && schema['__example__'] === undefined) {
      const message = `data key \`${key}\` of screen \`${id}\` has no __example__: Meta refuses to publish it`
      report({ severity: 'advice', ...at, message })
    }
    if (key === SNACKBAR_KEY) {
      const message = `\`${key}\` has a meaning of its own (a snackbar): name the data key of screen \`${id}\` differently`
      report({ severity: 'advice', ...at, message })
    }
  }
  return Object.fromEntries(usable)
}

const MOST_COMPONENTS = 50

function checkComponents(
  components: readonly Component[],
  terminal: boolean,
  id: string,
  path: Path,
  problem: Problem,
): void {
  if (components.length > MOST_COMPONENTS) {
    problem([...path, 'layout'], `screen \`${id}\` has ${components.length} components: Meta allows ${MOST_COMPONENTS}`)
  }
  if (terminal && !components.some(({ type }) => type === 'Footer')) {
    problem([...path, 'terminal'], `terminal screen \`${id}\` needs a Footer`)
  }
  const navigationLists = components.filter(({ type }) => type === 'NavigationList')
  for (const [index, list] of navigationLists.entries()) {
    if (terminal) problem(list.path, `terminal screen \`${id}\` cannot have a NavigationList`)
    else if (index === 2) problem(list.path, `screen \`${id}\` has more than 2 NavigationLists: Meta allows 2`)
  }
  for (const component of components) {
    const list = writtenList(component)
    if (list === undefined || list.length <= list.most) continue
    const at = [...component.path, list.attribute]
    problem(at, `this ${component.type} has ${list.length} items: Meta shows ${list.most} at most`)
  }
}

const REFERENCE = /\$\{(data|form)\.([^.}\s]+)/gu

/** `${data.x}` must be declared on this screen, `${form.x}` must be an input of this screen. */
function checkReferences(
  layout: JsonObject,
  components: readonly Component[],
  declared: JsonObject,
  id: string,
  path: Path,
  problem: Problem,
): void {
  const inputs = new Set(components.map(({ node }) => node['name']))
  for (const [at, text] of textsOf(layout, path)) {
    for (const [, root, name = ''] of text.matchAll(REFERENCE)) {
      const code = 'FG_CONFIG_FLOW_JSON_REFERENCE'
      if (root === 'data' && !Object.hasOwn(declared, name)) {
        problem(at, `screen \`${id}\` uses \`data.${name}\`, which its data does not declare`, code)
      } else if (root === 'form' && !inputs.has(name)) {
        problem(at, `screen \`${id}\` uses \`form.${name}\`, but no component of it has the name \`${name}\``, code)
      }
    }
  }
}

const MANY_SELECTS = 3

/** Each selection would ask the endpoint and make the person wait (Meta, "Best practices"). */
function adviseOnSelects(actions: readonly Action[], id: string, path: Path, report: Report): void {
  const selects = actions.filter(({ name, attribute }) => name === 'data_exchange' && attribute === 'on-select-action')
  if (selects.length <= MANY_SELECTS) return
  const message = `screen \`${id}\` asks the endpoint on ${selects.length} different selections: people wait at each one`
  report({ severity: 'advice', path: [...path, 'id'], code: 'FG_CONFIG_FLOW_JSON_MANY_SELECTS', message })
}

function exchangeOf({ attribute, node, path }: Action): Exchange {
  const { payload } = node
  return { attribute, payload: isObject(payload) ? payload : {}, path: [...path, 'payload'] }
}

function navigationOf({ name, node, path }: Action, by: string): readonly Navigation[] {
  const { next } = node
  if (name !== 'navigate' || !isObject(next) || typeof next['name'] !== 'string') return []
  return [{ to: next['name'], path: [...path, 'next', 'name'], by }]
}

const TEXT_INPUTS = new Set(['TextInput', 'TextArea', 'DatePicker', 'Dropdown', 'RadioButtonsGroup'])

function textInputsOf(components: readonly Component[]): ReadonlySet<string> {
  return new Set(
    components.flatMap(({ type, node: { name } }) => (TEXT_INPUTS.has(type) && typeof name === 'string' ? [name] : [])),
  )
}

function limitsOf(lists: readonly BoundList[]): ReadonlyMap<string, number> {
  const limits = new Map<string, number>()
  for (const { key, most } of lists) limits.set(key, Math.min(most, limits.get(key) ?? most))
  return limits
}

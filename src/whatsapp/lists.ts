import type { Json } from '../plugin/json.ts'
import { boundKey, type Component } from './components.ts'
import { isObject } from './json-shape.ts'

/** How a list component takes its items (Meta, "Components"). */
interface ListComponent {
  /** The attribute that holds the items. */
  readonly attribute: string
  /** Keys each item must have. */
  readonly itemKeys: readonly string[]
  readonly most: number
  /** The most items once they carry images, where that is fewer. */
  readonly mostWithImages?: number
  /** Where an item holds its image. */
  readonly image: readonly string[]
}

const options = { attribute: 'data-source', itemKeys: ['id', 'title'], image: ['image'] } as const

/** The list components of Flow JSON 7.3 with Meta's limits. */
const LIST_COMPONENTS: ReadonlyMap<string, ListComponent> = new Map<string, ListComponent>([
  ['RadioButtonsGroup', { ...options, most: 20 }],
  ['CheckboxGroup', { ...options, most: 20 }],
  ['ChipsSelector', { ...options, most: 20 }],
  ['Dropdown', { ...options, most: 200, mostWithImages: 100 }],
  [
    'NavigationList',
    { attribute: 'list-items', itemKeys: ['id', 'main-content'], most: 20, image: ['start', 'image'] },
  ],
  ['ImageCarousel', { attribute: 'images', itemKeys: ['src'], most: 3, image: ['src'] }],
])

/** A data key that feeds a list component. */
export interface BoundList {
  readonly key: string
  /** The name of the input that shows it, where it is one. */
  readonly input: string | undefined
  readonly most: number
  readonly itemKeys: readonly string[]
  readonly image: readonly string[]
}

/** The list a component takes from the screen's data, if any. `declared` is the schema of the screen's data. */
export function boundList(component: Component, declared: Readonly<Record<string, Json>>): BoundList | undefined {
  const list = LIST_COMPONENTS.get(component.type)
  const key = list && boundKey(component.node[list.attribute])
  if (list === undefined || key === undefined) return undefined
  const most = hasImages(declared[key], list.image) ? (list.mostWithImages ?? list.most) : list.most
  const { name } = component.node
  return { key, input: typeof name === 'string' ? name : undefined, most, itemKeys: list.itemKeys, image: list.image }
}

/** The items a Flow JSON writes out itself, with the most that fit. */
export function writtenList(component: Component): { attribute: string; length: number; most: number } | undefined {
  const list = LIST_COMPONENTS.get(component.type)
  const items = list && component.node[list.attribute]
  if (list === undefined || !Array.isArray(items)) return undefined
  const images = items.some(
    (item) => isObject(item) && list.image[0] !== undefined && item[list.image[0]] !== undefined,
  )
  return {
    attribute: list.attribute,
    length: items.length,
    most: images ? (list.mostWithImages ?? list.most) : list.most,
  }
}

function hasImages(schema: Json | undefined, image: readonly string[]): boolean {
  const items = isObject(schema) ? schema['items'] : undefined
  const properties = isObject(items) ? items['properties'] : undefined
  return isObject(properties) && image[0] !== undefined && properties[image[0]] !== undefined
}

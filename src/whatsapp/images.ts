import type { Json, JsonObject } from '../plugin/json.ts'
import { boundKey, type Component } from './components.ts'
import type { DataFault } from './flow-json.ts'
import { isObject, itemsOf } from './json-shape.ts'
import type { BoundList } from './lists.ts'
import { isAtLeast } from './versions.ts'

/** A place in a screen's data that holds an image, as base64 text. */
export interface ImageSlot {
  readonly key: string
  /** Where each item of a list holds it; absent where the key itself is the image. */
  readonly inItem?: readonly string[]
  readonly mostBytes: number
  /** The component can be hidden, so empty text is no fault. */
  readonly mayBeEmpty: boolean
}

const KB = 1024

/** The images a component takes from the screen's data. Meta: 300 KB, and 100 KB in lists from Flow JSON 6.0 on. */
export function imageSlots(component: Component, list: BoundList | undefined, version: string): readonly ImageSlot[] {
  const { node, type } = component
  const mayBeEmpty = node['visible'] !== undefined
  if (type === 'Image') {
    const key = boundKey(node['src'])
    return key === undefined ? [] : [{ key, mostBytes: 300 * KB, mayBeEmpty }]
  }
  if (list !== undefined) {
    const mostBytes = type !== 'ImageCarousel' && isAtLeast(version, '6.0') ? 100 * KB : 300 * KB
    return [{ key: list.key, inItem: list.image, mostBytes, mayBeEmpty }]
  }
  if (type !== 'ImageCarousel') return []
  return [...itemsOf(node['images'])].flatMap(([, item]) => {
    const key = isObject(item) ? boundKey(item['src']) : undefined
    return key === undefined ? [] : [{ key, mostBytes: 300 * KB, mayBeEmpty }]
  })
}

/** What is wrong with the images in `data`. Values of another type than text are the schema's affair. */
export function imageFaults(slot: ImageSlot, data: JsonObject): readonly DataFault[] {
  const value = data[slot.key]
  if (slot.inItem === undefined) return faultAt(slot, slot.key, value)
  const path = slot.inItem
  return [...itemsOf(value)].flatMap(([index, item]) => {
    const image = path.reduce<Json | undefined>((node, key) => (isObject(node) ? node[key] : undefined), item)
    return faultAt(slot, [slot.key, index, ...path].join('.'), image)
  })
}

function faultAt(slot: ImageSlot, path: string, value: Json | undefined): readonly DataFault[] {
  if (typeof value !== 'string' || (value === '' && slot.mayBeEmpty)) return []
  const wrong = imageFault(value, slot.mostBytes)
  return wrong === undefined ? [] : [{ path, message: wrong }]
}

/** Base64 of the first bytes: FF D8 FF is JPEG, 89 50 4E 47 0D 0A 1A 0A is PNG. */
const SIGNATURES = ['/9j/', 'iVBORw0KGgo'] as const

function imageFault(text: string, mostBytes: number): string | undefined {
  if (text.startsWith('data:')) return 'must be the base64 text of an image alone, without "data:…;base64," before it'
  if (text.startsWith('http')) return 'must be the base64 text of an image, not a link to one'
  if (!SIGNATURES.some((signature) => text.startsWith(signature)))
    return 'must be the base64 text of a JPEG or PNG image'
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = Math.floor((text.length * 3) / 4) - padding
  if (bytes > mostBytes) return `holds ${Math.ceil(bytes / KB)} KB, and Meta allows ${mostBytes / KB} KB here`
  if (!/^[A-Za-z0-9+/]+={0,2}$/u.test(text)) return 'must be plain base64, without spaces or line breaks'
  return undefined
}

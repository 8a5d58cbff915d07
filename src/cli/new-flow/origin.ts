import type { Json } from '../../plugin/json.ts'
import { isObject } from '../../whatsapp/json-shape.ts'
import type { Outline, OutlinedInput } from './outline.ts'

/** Where what a payload sends under one key comes from. */
export type Origin =
  | {
      readonly kind: 'input'
      readonly screen: string
      readonly name: string
      readonly inputs: readonly OutlinedInput[]
    }
  | { readonly kind: 'data'; readonly key: string; readonly schema: Json | undefined }
  | { readonly kind: 'constant'; readonly value: string | number | boolean }
  /** Composed of several, or a value of several parts. */
  | { readonly kind: 'composed'; readonly text: boolean }

const REFERENCE = /^\s*\$\{(?:screen\.([^.}\s]+)\.)?(form|data)\.([^.}\s]+)\}\s*$/u

/** Screens a value may have travelled through; a circle of `navigate` actions ends here. */
const FARTHEST = 20

/** Follows a value of a payload of `screen` to what the person answered, through `navigate` payloads where it came by one. */
export function originOf(value: Json, screen: string, outline: Outline, steps = 0): Origin {
  if (typeof value === 'number' || typeof value === 'boolean') return { kind: 'constant', value }
  if (typeof value !== 'string') return { kind: 'composed', text: false }
  const [, other = screen, root, name = ''] = REFERENCE.exec(value) ?? []
  if (root === undefined) {
    return value.includes('${') || value.startsWith('`')
      ? { kind: 'composed', text: true }
      : { kind: 'constant', value }
  }
  const from = outline.screens.get(other)
  const inputs = root === 'form' ? from?.inputs.get(name) : undefined
  if (inputs !== undefined) return { kind: 'input', screen: other, name, inputs }
  if (root === 'form') return { kind: 'composed', text: true }
  return broughtAlong(other, name, outline, steps) ?? { kind: 'data', key: name, schema: from?.data[name] }
}

/** The answer that a `navigate` action puts into a data key of the screen it leads to. */
function broughtAlong(screen: string, key: string, outline: Outline, steps: number): Origin | undefined {
  if (steps >= FARTHEST) return undefined
  for (const before of outline.screens.values()) {
    for (const { to, payload } of before.ways) {
      const value = to === screen && Object.hasOwn(payload, key) ? payload[key] : undefined
      const origin = value === undefined ? undefined : originOf(value, before.id, outline, steps + 1)
      if (origin?.kind === 'input') return origin
    }
  }
  return undefined
}

/** The type word of a declared schema. */
export function schemaType(schema: Json | undefined): string | undefined {
  return isObject(schema) && typeof schema['type'] === 'string' ? schema['type'] : undefined
}

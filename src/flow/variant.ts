import { sha256 } from '../value/hash.ts'
import type { Flow } from './model.ts'

/** 2^48: as much of a hash as a number holds exactly. */
const WHOLE = 2 ** 48

/**
 * The variant of whoever `key` names: the same for ever, and as many people in each as the weights say. `undefined` where
 * the flow has none.
 */
export function variantOf(flow: Pick<Flow, 'name' | 'variants'>, key: string): string | undefined {
  const total = flow.variants.reduce((sum, { weight }) => sum + weight, 0)
  const share = sha256(`variant\n${flow.name}\n${key}`).readUIntBE(0, 6) / WHOLE
  let below = 0
  for (const { name, weight } of flow.variants) {
    below += weight / total
    if (share < below) return name
  }
  return flow.variants.findLast(({ weight }) => weight > 0)?.name
}

import { nearest } from '../../value/nearest.ts'
import type { FlowParts } from './parts.ts'

/**
 * Screens of the Flow JSON → the name under which `flow.yaml` most likely means them, where both know a screen that the
 * other does not. That name is reported once; what else would be missing is what stands under it.
 */
export function misnamedScreens({ file, flow }: Pick<FlowParts, 'file' | 'flow'>): ReadonlyMap<string, string> {
  const { screens } = flow.flowJson
  const unknown = Object.keys(file.screens).filter((id) => !screens.has(id))
  const open = new Set([...screens.keys()].filter((id) => !Object.hasOwn(file.screens, id)))
  const misnamed = new Map<string, string>()
  for (const id of unknown) {
    const asking = [...open].filter((known) => screens.get(known)?.asksEndpoint === true)
    const meant = nearest(id, open) ?? (unknown.length === 1 && asking.length === 1 ? asking[0] : undefined)
    if (meant === undefined) continue
    misnamed.set(meant, id)
    open.delete(meant)
  }
  return misnamed
}

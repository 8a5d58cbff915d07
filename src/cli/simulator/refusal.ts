import type { Json } from '../../plugin/json.ts'
import type { Memory } from './person.ts'
import { summarise } from './summary.ts'

/** Whether a screen that came back says that something is wrong: in a snackbar, or at an input. */
export function isRefusal({ shown }: Memory, screen: string): boolean {
  return Object.entries(shown.get(screen) ?? {}).some(([key, value]) => /error/.test(key) && holdsText(value))
}

/** What the person reads then. */
export function refusalWords({ shown }: Memory, screen: string): string {
  const { error_message: snackbar, ...data } = shown.get(screen) ?? {}
  return typeof snackbar === 'string' ? snackbar : summarise(data)
}

function holdsText(value: Json): boolean {
  if (typeof value === 'string') return value !== ''
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsText)
}

import type { Json } from '../../plugin/json.ts'
import type { PhoneScreen } from './flow-on-phone.ts'
import type { Memory } from './person.ts'

/** What a screen says is wrong with its answers: the snackbar, and the words at inputs. Empty where nothing is. */
export function refusalWords({ id, errorKeys }: PhoneScreen, { shown }: Memory): string {
  const data = shown.get(id) ?? {}
  const words = [...errorKeys].flatMap((key) => textsIn(data[key]))
  return [...new Set(words)].join('; ')
}

function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

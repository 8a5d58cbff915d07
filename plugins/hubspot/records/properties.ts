import { FailureError, type Json } from 'flowgate/plugin'

/**
 * Writes values as HubSpot takes them, all as text: booleans `true` and `false`, a list joined with `;` as multiple-choice
 * properties want it. `null` becomes the empty text, which clears a property; an empty list is left out. Throws a failure
 * that names the fields whose value HubSpot cannot hold.
 */
export function propertyValues(fields: Readonly<Record<string, Json>>): Record<string, string> {
  const values: Record<string, string> = {}
  const unfit: string[] = []
  for (const [name, value] of Object.entries(fields)) {
    if (Array.isArray(value) && value.length === 0) continue
    const text = value === null ? '' : propertyValue(value)
    if (text === undefined) unfit.push(name)
    else values[name] = text
  }
  if (unfit.length === 0) return values
  throw new FailureError({
    kind: 'permanent',
    scope: 'record',
    code: 'FG_HUBSPOT_VALUE_SHAPE',
    message: `A HubSpot property holds text, a number, a boolean or a list of these, but not ${unfit.join(', ')}. Correct the mapping, then replay.`,
    fields: unfit,
  })
}

function propertyValue(value: Json): string | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (!Array.isArray(value)) return undefined
  const items = value.map((item: Json) => (Array.isArray(item) || item === null ? undefined : propertyValue(item)))
  return items.includes(undefined) ? undefined : items.join(';')
}

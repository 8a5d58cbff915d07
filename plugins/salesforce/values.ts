import { FailureError, type Json } from 'flowgate/plugin'

/**
 * Writes values as Salesforce takes them: text, numbers and booleans as they are, a list joined with `;` as multi-select
 * picklists want it. `null` clears; an empty list is left out. Throws a failure that names the fields whose value
 * Salesforce cannot hold.
 */
export function fieldValues(fields: Readonly<Record<string, Json>>): Record<string, string | number | boolean | null> {
  const values: Record<string, string | number | boolean | null> = {}
  const unfit: string[] = []
  for (const [name, value] of Object.entries(fields)) {
    if (Array.isArray(value) && value.length === 0) continue
    const written = fieldValue(value)
    if (written === undefined) unfit.push(name)
    else values[name] = written
  }
  if (unfit.length === 0) return values
  throw new FailureError({
    kind: 'permanent',
    scope: 'record',
    code: 'FG_SALESFORCE_VALUE_SHAPE',
    message: `A Salesforce field holds text, a number, a boolean or a list of these, but not ${unfit.join(', ')}. Correct the mapping, then replay.`,
    fields: unfit,
  })
}

function fieldValue(value: Json): string | number | boolean | null | undefined {
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => (typeof item === 'object' ? undefined : String(item)))
    return items.includes(undefined) ? undefined : items.join(';')
  }
  return typeof value === 'object' && value !== null ? undefined : value
}

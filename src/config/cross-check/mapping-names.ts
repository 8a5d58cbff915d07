import { didYouMean, nearest } from '../../value/nearest.ts'
import type { FlowParts, MappingParts } from './parts.ts'
import { fieldNames } from './references.ts'

/** Attributes of a person that tokens, messages and webhooks commonly bring; others may be bound to a token too. */
const PERSON_ATTRIBUTES = ['user_id', 'phone', 'alt_phone', 'email', 'name', 'username', 'wa_id', 'language']

/** Compares the names in `identity`, `dedupe.ignore` and `personal` with the fields of the flow. */
export function checkMappingNames(parts: FlowParts, { file, report }: MappingParts): void {
  const fields = fieldNames(parts)
  for (const [index, name] of (file.personal ?? []).entries()) {
    // A path instead of a name is told by the mapping's own compiler.
    if (fields.has(name) || name.includes('.')) continue
    const message = `\`${name}\` is no field of any screen${didYouMean(name, fields)}`
    report({ severity: 'error', path: ['personal', index], code: 'FG_CONFIG_PERSONAL_UNKNOWN', message })
  }
  const known = [...fields, ...PERSON_ATTRIBUTES]
  for (const [index, name] of (file.identity ?? []).entries()) {
    if (known.includes(name) || name.includes('.')) continue
    const message = `\`${name}\` is no field of any screen and no usual attribute of a person${didYouMean(name, known)}`
    report({ severity: 'advice', path: ['identity', index], code: 'FG_CONFIG_IDENTITY_UNKNOWN', message })
  }
  for (const [index, name] of (file.dedupe?.ignore ?? []).entries()) {
    if (fields.has(name) || nearest(name, fields) === undefined) continue
    const message = `\`${name}\` is no field of any screen${didYouMean(name, fields)}`
    report({ severity: 'advice', path: ['dedupe', 'ignore', index], code: 'FG_CONFIG_IGNORE_UNKNOWN', message })
  }
}

import type { CrmRecord } from '../plugin/index.ts'
import { phoneVariants } from '../value/phone-variants.ts'
import { asText } from '../value/text.ts'

/** What finds the record of an upsert, as text, in every way in which people write it, the mapped one first. Empty for a create. */
export function matchSpellings({ match, fields }: CrmRecord): readonly string[] {
  const value = match === undefined ? undefined : fields[match]
  return value === undefined ? [] : phoneVariants(asText(value))
}

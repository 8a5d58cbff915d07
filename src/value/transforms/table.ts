import { contacts } from './contacts.ts'
import { dates } from './dates.ts'
import { letters } from './letters.ts'
import { lists } from './lists.ts'
import { numbers } from './numbers.ts'
import type { Transform } from './transform.ts'

/** The closed list of transforms by name: what `apply` may hold. */
export const TRANSFORMS: ReadonlyMap<string, Transform> = new Map(
  [...letters, ...contacts, ...dates, ...numbers, ...lists].map((transform) => [transform.name, transform]),
)

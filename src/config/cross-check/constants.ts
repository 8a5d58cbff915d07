import type { Path } from '../issue.ts'
import { DIRECTIVES } from '../schema/value.ts'

/** A constant that a value may come to, whatever a person answers, and where it stands. */
export interface Constant {
  readonly path: Path
  readonly value: string | number | boolean
}

/** The constants that a value as an operator wrote it may come to, as far as that can be told without anybody's answers. */
export function constantsIn(raw: unknown, path: Path): readonly Constant[] {
  if (typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean') return [{ path, value: raw }]
  if (Array.isArray(raw)) return raw.flatMap((item, index) => constantsIn(item, [...path, index]))
  if (!isObject(raw) || !DIRECTIVES.some((name) => Object.hasOwn(raw, name))) return []
  const changed = ['apply', 'lookup', 'pick'].some((key) => Object.hasOwn(raw, key))
  return [
    ...(changed ? [] : unchanged(raw, path)),
    ...(Object.hasOwn(raw, 'pick') ? [] : membersOf(raw['lookup'], [...path, 'lookup'])),
    ...constantsIn(raw['default'], [...path, 'default']),
  ]
}

function unchanged(raw: Readonly<Record<string, unknown>>, path: Path): readonly Constant[] {
  const choices = Array.isArray(raw['choose']) ? raw['choose'] : []
  return [
    ...constantsIn(raw['value'], [...path, 'value']),
    ...choices.flatMap((choice, index) =>
      isObject(choice) ? constantsIn(choice['value'], [...path, 'choose', index, 'value']) : [],
    ),
    ...membersOf(raw['by_language'], [...path, 'by_language']),
  ]
}

function membersOf(raw: unknown, path: Path): readonly Constant[] {
  return isObject(raw) ? Object.entries(raw).flatMap(([key, member]) => constantsIn(member, [...path, key])) : []
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import type { JsonSchema } from '../plugin/json.ts'
import type { ConfiguredPlugin } from './configured-plugin.ts'
import type { Path } from './issue.ts'

/** The name of a CRM destination in a plugin's settings, and where it stands. */
export interface NamedDestination {
  readonly path: Path
  readonly destination: string
}

/** What a plugin's schema says of a setting that names a destination to look records up in. */
const FORMAT = 'crm-destination'

/** The CRMs that a plugin's settings name, as far as its schema marks them by the format `crm-destination`. */
export function namedDestinations(
  { description, config, sound }: Pick<ConfiguredPlugin, 'description' | 'config' | 'sound'>,
  path: Path,
): readonly NamedDestination[] {
  if (description === undefined || !sound) return []
  return below(description.configSchema, config, path)
}

function below(schema: JsonSchema, value: unknown, path: Path): readonly NamedDestination[] {
  if (typeof value === 'string') {
    // A variable that is not set yet names nothing.
    return schema['format'] === FORMAT && !value.includes('${') ? [{ path, destination: value }] : []
  }
  const properties = schema['properties']
  if (typeof value !== 'object' || value === null || !isObject(properties)) return []
  return Object.entries(value).flatMap(([name, member]) => {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined
    return isObject(known) ? below(known as JsonSchema, member, [...path, name]) : []
  })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

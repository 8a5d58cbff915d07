import type { PersonAddress } from '../../plugin/definition.ts'
import { didYouMean } from '../../value/nearest.ts'
import type { Path, Report } from '../issue.ts'
import type { PluginDescription } from '../plugin-catalogue.ts'
import type { MappingFile } from '../schema/mapping.ts'
import { notificationsIn } from './mapping-items.ts'

/** Whom a destination reaches. */
export interface Reached {
  /** Names in its directory of recipients; `undefined` where its plugin has none. */
  readonly names: readonly string[] | undefined
  /** The addresses of the person who filled the form by which it reaches them; `undefined` where nobody can tell. */
  readonly persons: readonly PersonAddress[] | undefined
}

/** By the name of the destination. */
export type KnownRecipients = ReadonlyMap<string, Reached>

/** Whom a configured destination reaches: by the contract every plugin that tells people calls its directory `recipients`. */
export function reachedBy({ configSchema, persons }: PluginDescription, config: Members): Reached {
  const { recipients } = config
  const { properties } = configSchema
  const directory = isMembers(properties) && Object.hasOwn(properties, 'recipients') ? {} : undefined
  const listed = isMembers(recipients) ? recipients : directory
  return { names: listed && Object.keys(listed), persons }
}

/** A message is for somebody whom its destination reaches. What a person's answer gives for a name is known only later. */
export function checkRecipients(file: MappingFile, known: KnownRecipients, report: Report): void {
  for (const { raw, at } of notificationsIn(file)) {
    const { names, persons } = known.get(raw.to) ?? {}
    const by = PERSON_ADDRESSES.find((each) => each === memberOf(raw.recipient))
    if (by !== undefined && persons !== undefined && !persons.includes(by)) {
      const reached = persons.map((each) => `\`person: ${each}\``).join(' and ')
      const but = reached === '' ? '' : ` but by ${reached}`
      const cure = 'name one of its recipients, or send to a destination that does'
      const message = `destination \`${raw.to}\` does not reach the person by \`person: ${by}\`${but}: ${cure}`
      report({ severity: 'error', path: [...at, 'recipient', 'person'], code: 'FG_CONFIG_RECIPIENT', message })
    }
    if (names === undefined) continue
    for (const { name, path } of namesIn(raw.recipient, [...at, 'recipient'])) {
      if (names.includes(name)) continue
      const hint =
        didYouMean(name, names) || (names.length === 0 ? ': it names none' : `: there is ${names.join(', ')}`)
      const message = `\`${name}\` is not among the recipients of \`${raw.to}\`${hint}`
      report({ severity: 'error', path, code: 'FG_CONFIG_RECIPIENT', message })
    }
  }
}

const PERSON_ADDRESSES: readonly PersonAddress[] = ['email', 'phone']

interface Named {
  readonly name: string
  readonly path: Path
}

/** The names that a recipient can come to, as far as they are written down. */
function namesIn(raw: unknown, path: Path): readonly Named[] {
  if (typeof raw === 'string') return named(raw, path)
  if (!isMembers(raw) || 'pick' in raw) return []
  const { lookup, value, default: otherwise } = raw
  return [
    ...(isMembers(lookup)
      ? Object.entries(lookup).flatMap(([key, name]) => named(name, [...path, 'lookup', key]))
      : []),
    ...('lookup' in raw || 'apply' in raw ? [] : named(value, [...path, 'value'])),
    ...named(otherwise, [...path, 'default']),
  ]
}

function memberOf(recipient: unknown): unknown {
  return isMembers(recipient) ? recipient['person'] : undefined
}

function named(name: unknown, path: Path): readonly Named[] {
  return typeof name === 'string' && name.trim() !== '' ? [{ name: name.trim(), path }] : []
}

type Members = Readonly<Record<string, unknown>>

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import { didYouMean } from '../../value/nearest.ts'
import type { DestinationSettings } from '../configuration.ts'
import type { Path, Report } from '../issue.ts'
import type { MappingFile } from '../schema/mapping.ts'
import { notificationsIn } from './mapping-items.ts'

/** Names in the directory of recipients of each destination that has one. */
export type KnownRecipients = ReadonlyMap<string, readonly string[]>

/** The directories of configured destinations: by the contract every plugin that tells people calls its own `recipients`. */
export function recipientsOf(settings: ReadonlyMap<string, DestinationSettings>): KnownRecipients {
  return new Map(
    [...settings].flatMap(([name, { config }]) => {
      const { recipients } = config as { readonly recipients?: unknown }
      return isMembers(recipients) ? [[name, Object.keys(recipients)] as const] : []
    }),
  )
}

/** A name that stands in a mapping is in the directory of the destination. What a person's answer gives is known only later. */
export function checkRecipients(file: MappingFile, known: KnownRecipients, report: Report): void {
  for (const { raw, at } of notificationsIn(file)) {
    const names = known.get(raw.to)
    if (names === undefined) continue
    for (const { name, path } of namesIn(raw.recipient, [...at, 'recipient'])) {
      if (names.includes(name)) continue
      const hint = didYouMean(name, names) || (names.length === 0 ? '' : `: there is ${names.join(', ')}`)
      const message = `\`${name}\` is not among the recipients of \`${raw.to}\`${hint}`
      report({ severity: 'error', path, code: 'FG_CONFIG_RECIPIENT', message })
    }
  }
}

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

function named(name: unknown, path: Path): readonly Named[] {
  return typeof name === 'string' && name.trim() !== '' ? [{ name: name.trim(), path }] : []
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

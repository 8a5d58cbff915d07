import type { Path, Report } from '../config/issue.ts'
import type { RawValue } from '../config/schema/value.ts'
import { didYouMean } from '../value/nearest.ts'
import { compileValue } from '../value/value.ts'
import { ITEM_OPTIONS, mentioned } from './item.ts'
import type { RecipientMapping } from './model.ts'
import type { Reference } from './references.ts'

/** A recipient ready to run, and the records it waits for. */
export interface CompiledRecipient {
  readonly recipient?: RecipientMapping
  readonly references: readonly Reference[]
}

type Members = Readonly<Record<string, unknown>>

const NOBODY: CompiledRecipient = { references: [] }
/** What is no value but a recipient of its own, and the keys it may have. */
const KINDS = { owner_of: ['owner_of', 'default'], person: ['person'] } as const
const ADDRESSES = ['email', 'phone'] as const

/** Checks whom a notification is for: a value that names somebody, who owns a record, or the person. */
export function compileRecipient(raw: RawValue, report: Report, path: Path): CompiledRecipient {
  if (isMembers(raw)) {
    if ('owner_of' in raw) return compileOwner(raw, report, path)
    if ('person' in raw) return compilePerson(raw, report, path)
    const [mistyped] = Object.keys(raw).filter((key) => didYouMean(key, Object.keys(KINDS)) !== '')
    if (mistyped !== undefined) {
      fault(report, [...path, mistyped], `unknown key \`${mistyped}\`${didYouMean(mistyped, Object.keys(KINDS))}`, true)
      return NOBODY
    }
  }
  const name = compileValue(raw, report, path, { ...ITEM_OPTIONS, objects: 'refused' })
  return { recipient: { kind: 'named', name }, references: mentioned(name.paths, path) }
}

function compileOwner(raw: Members, report: Report, path: Path): CompiledRecipient {
  if (!checkKeys(raw, 'owner_of', report, path)) return NOBODY
  const { owner_of: record, default: otherwise } = raw
  const at = [...path, 'owner_of']
  if (typeof record !== 'string' || record === '') {
    fault(report, at, '`owner_of` names a record of this mapping by its id, such as `contact`')
    return NOBODY
  }
  if (otherwise !== undefined && (typeof otherwise !== 'string' || otherwise.trim() === '')) {
    fault(report, [...path, 'default'], "`default` beside `owner_of` is a name of the destination's `recipients`")
    return NOBODY
  }
  return {
    recipient: { kind: 'owner', record, ...(otherwise === undefined ? {} : { otherwise }) },
    references: [{ id: record, path: at, by: 'value' }],
  }
}

function compilePerson(raw: Members, report: Report, path: Path): CompiledRecipient {
  if (!checkKeys(raw, 'person', report, path)) return NOBODY
  const by = ADDRESSES.find((name) => name === raw['person'])
  if (by !== undefined) return { recipient: { kind: 'person', by }, references: [] }
  const hint = didYouMean(String(raw['person']), ADDRESSES)
  fault(report, [...path, 'person'], `\`person\` is one of ${ADDRESSES.join(', ')}${hint}`)
  return NOBODY
}

function checkKeys(raw: Members, kind: keyof typeof KINDS, report: Report, path: Path): boolean {
  const allowed: readonly string[] = KINDS[kind]
  const [unknown] = Object.keys(raw).filter((key) => !allowed.includes(key))
  if (unknown === undefined) return true
  const known = allowed.map((key) => `\`${key}\``).join(' and ')
  const hint = didYouMean(unknown, allowed) || `: there is ${known}`
  fault(report, [...path, unknown], `unknown key \`${unknown}\` beside \`${kind}\`${hint}`, true)
  return false
}

function fault(report: Report, path: Path, message: string, atKey = false): void {
  report({ severity: 'error', path, code: 'FG_CONFIG_RECIPIENT', message, ...(atKey ? { atKey } : {}) })
}

function isMembers(raw: unknown): raw is Members {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}

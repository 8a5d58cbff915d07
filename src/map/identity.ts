import { canonicalText, sha256 } from '../value/hash.ts'
import type { Scope } from '../value/scope.ts'
import type { Mapping } from './model.ts'

/** Who a person is for deduplication: the first name of `identity` that leads to a value, normalised. */
export interface Identity {
  readonly name: string
  readonly value: string
}

/** The first present of `person.<name>`, then `form.<name>`, in the order of `identity`; `undefined` when all are absent or blank. */
export function identityOf(
  mapping: Pick<Mapping, 'identity'>,
  scope: Pick<Scope, 'person' | 'form'>,
): Identity | undefined {
  for (const name of mapping.identity) {
    for (const holder of [scope.person, scope.form]) {
      const raw = Object.hasOwn(holder, name) ? holder[name] : undefined
      if (typeof raw !== 'string' && typeof raw !== 'number') continue
      const value = normalised(String(raw).trim())
      if (value !== '') return { name, value }
    }
  }
  return undefined
}

/** The same person types an address in capitals and a number with spaces: both must give one identity. */
function normalised(text: string): string {
  if (text.includes('@')) return text.toLowerCase()
  const digits = /^\+?[\d\s()./-]+$/u.test(text) ? text.replace(/\D/gu, '') : ''
  return digits === '' ? text : digits
}

/** One text for one person, over all flows: a hash, so that rows can be compared by it without saying who it is. */
export function personKey({ name, value }: Identity): string {
  return sha256(canonicalText({ person: { name, value } })).toString('hex')
}

import { phoneVariants } from '../value/phone-variants.ts'
import type { KeyKind, PersonKey } from './keys-of.ts'

/** A person whom a key, or another spelling of a number, led to. */
export interface KnownPerson {
  readonly id: string
  /** The key of the submission that led to the person. */
  readonly by: PersonKey
  /** WhatsApp's ids of the person: two different ones are two people. */
  readonly userIds: readonly string[]
  /** Numbers of the person. */
  readonly phones: readonly string[]
}

/**
 * Who a submission is of. `new`: nobody of these keys is known. `known`: this person, with `merge` found to be the same, and
 * the keys that are theirs from now on. `asked`: keys point to several people, or to one who is somebody else; nothing is
 * merged, the submission counts as `person`'s (absent: a new one's), and somebody decides.
 */
export type Decision =
  | { readonly kind: 'new'; readonly keys: readonly PersonKey[] }
  | {
      readonly kind: 'known'
      readonly person: string
      readonly merge: readonly string[]
      readonly keys: readonly PersonKey[]
    }
  | {
      readonly kind: 'asked'
      readonly person: string | undefined
      readonly persons: readonly string[]
      /** Kinds of the keys that disagree. */
      readonly because: readonly KeyKind[]
      readonly keys: readonly PersonKey[]
    }

/**
 * Decides by the keys of one submission and the people they lead to, strongest key first. Two verified keys on one
 * submission are one person's, so whoever they led to is merged. A key that was typed finds a person, but merges nobody, and
 * gives nobody a number of somebody else: people type addresses and numbers of others. Pure.
 */
export function decide(keys: readonly PersonKey[], found: readonly KnownPerson[]): Decision {
  const first = found[0]
  if (first === undefined) return { kind: 'new', keys }
  const people = [...new Map(found.map((person) => [person.id, person])).values()]
  const byVerified = new Set(found.filter(({ by }) => by.verified).map(({ id }) => id))
  const fits = (person: KnownPerson) => mayBe(person, keys, byVerified.has(person.id))
  if (people.length === 1 && fits(first)) return { kind: 'known', person: first.id, merge: [], keys }
  const userId = keys.find(({ kind }) => kind === 'user_id')?.value
  const userIds = new Set([...people.flatMap((person) => person.userIds), ...(userId === undefined ? [] : [userId])])
  if (people.every(({ id }) => byVerified.has(id)) && userIds.size <= 1) {
    return { kind: 'known', person: first.id, merge: people.slice(1).map(({ id }) => id), keys }
  }
  // Keys that lead to somebody else stay theirs.
  const others = new Set(found.filter((person) => person.id !== first.id || !fits(person)).map(({ by }) => by.kind))
  const own = fits(first) ? first.id : undefined
  return {
    kind: 'asked',
    person: own,
    persons: people.map(({ id }) => id),
    because: [...new Set(found.map(({ by }) => by.kind))],
    keys: keys.filter(({ kind }) => !others.has(kind)),
  }
}

/** Whether a person may be the one of these keys: no other id of WhatsApp's, and no other number where only typed keys led there. */
function mayBe({ userIds, phones }: KnownPerson, keys: readonly PersonKey[], byVerified: boolean): boolean {
  const own = (kind: KeyKind) => keys.find((key) => key.kind === kind && key.verified)?.value
  const [userId, phone] = [own('user_id'), own('phone')]
  if (userId !== undefined && userIds.length > 0 && !userIds.includes(userId)) return false
  if (byVerified || phone === undefined || phones.length === 0) return true
  return phoneVariants(phone).some((spelling) => phones.includes(spelling))
}

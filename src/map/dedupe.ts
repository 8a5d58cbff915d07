import type { JsonObject } from '../plugin/json.ts'
import { canonicalText, sha256 } from '../value/hash.ts'
import type { Identity } from './identity.ts'

/** What makes two finished forms the same one. */
export interface DedupeInput {
  readonly flow: string
  readonly identity: Identity | undefined
  /** The session's id; `undefined` where no session is stored. */
  readonly session: string | undefined
  readonly form: JsonObject
  /** Form fields that differ between repeats, from `dedupe.ignore`. */
  readonly ignore: ReadonlySet<string>
  /** Something no other submission has, for example its id: the key when nobody can be told apart. */
  readonly unique: string
}

export interface DedupeKey {
  /** SHA-256, 32 bytes. */
  readonly key: Buffer
  /** Neither identity nor session: nothing is dropped, the submission is only marked. */
  readonly possibleRepeat: boolean
}

/** The key of a hand-over, of which a session has one: SHA-256, 32 bytes. No form is ever a repeat of it. */
export function handOverKey(flow: string, session: string): Buffer {
  return sha256(canonicalText({ flow, handed_over: session }))
}

/** The key under which a form that was opened after its end is recognised, whoever opens it how often: SHA-256, 32 bytes. */
export function expiredKey(flow: string, token: string): Buffer {
  return sha256(`expired:${flow}${token}`)
}

/** The key under which a repeat inside the window is recognised: flow, identity (else session), canonical form less `ignore`. */
export function dedupeKey(input: DedupeInput): DedupeKey {
  const { flow, identity, session, unique, ignore } = input
  const form = Object.fromEntries(Object.entries(input.form).filter(([name]) => !ignore.has(name)))
  // Named parts, so that an identity can never be taken for a session of the same text.
  const who = identity === undefined ? (session === undefined ? { unique } : { session }) : { ...identity }
  return {
    key: sha256(canonicalText({ flow, who, form })),
    possibleRepeat: identity === undefined && session === undefined,
  }
}

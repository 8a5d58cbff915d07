/** What the doctor looked at. */
export type Organ =
  | 'environment'
  | 'signature secret'
  | 'private key'
  | 'passphrase'
  | 'PEM form'
  | 'key pair'
  | 'configuration'
  | 'database'
  | 'embedded database'
  | 'port'
  | 'endpoint'

/** One thing looked at. Where it is not ok, the message says what is wrong and what to do; it never holds a secret. */
export interface Examined {
  readonly check: Organ
  readonly ok: boolean
  /** Of the error catalogue, where something is wrong. */
  readonly code?: string
  readonly message: string
}

/** Something is as it should be. */
export function fine(check: Organ, message: string): Examined {
  return { check, ok: true, message }
}

/** Something is wrong, by its code in the error catalogue. */
export function wrong(check: Organ, code: string, message: string): Examined {
  return { check, ok: false, code, message }
}

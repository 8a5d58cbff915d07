import { randomBytes } from 'node:crypto'

/** What an id is of. The prefix makes an id readable in a log line and searchable in a chat. */
export type IdPrefix = 'req' | 'ses' | 'sub' | 'dlv' | 'att' | 'alr' | 'tok' | 'prc'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** A sortable id, for example `sub_01k9…`: 48 bits of milliseconds, then 80 random bits, in Crockford base 32 (26 characters). */
export function newId(prefix: IdPrefix, now: Date): string {
  let time = now.getTime()
  let stamp = ''
  for (let index = 0; index < 10; index += 1) {
    stamp = ALPHABET.charAt(time % 32) + stamp
    time = Math.floor(time / 32)
  }
  let random = ''
  for (const byte of randomBytes(16)) random += ALPHABET.charAt(byte & 31)
  return `${prefix}_${stamp}${random}`
}

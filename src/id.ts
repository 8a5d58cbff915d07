import { randomFillSync } from 'node:crypto'

/** What an id is of. The prefix makes an id readable in a log line and searchable in a chat. */
export type IdPrefix = 'req' | 'ses' | 'sub' | 'dlv' | 'att' | 'alr' | 'tok' | 'prc' | 'hov' | 'per' | 'pqs'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

const RANDOM_BYTES = 16

/** Random bytes for many ids at a time: asking the system for each id's own would cost more than the rest of the id. */
const pool = new Uint8Array(RANDOM_BYTES * 256)
let unused = 0

function randomBytes(): Uint8Array {
  if (unused === 0) {
    randomFillSync(pool)
    unused = pool.length
  }
  unused -= RANDOM_BYTES
  return pool.subarray(unused, unused + RANDOM_BYTES)
}

/** A sortable id, for example `sub_01k9…`: 48 bits of milliseconds, then 80 random bits, in Crockford base 32 (26 characters). */
export function newId(prefix: IdPrefix, now: Date): string {
  let time = now.getTime()
  let stamp = ''
  for (let index = 0; index < 10; index += 1) {
    stamp = ALPHABET.charAt(time % 32) + stamp
    time = Math.floor(time / 32)
  }
  let random = ''
  for (const byte of randomBytes()) random += ALPHABET.charAt(byte & 31)
  return `${prefix}_${stamp}${random}`
}

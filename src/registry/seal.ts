import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Encrypts texts for one purpose. Each belongs to a place: at another it does not open. */
export interface Seal {
  seal(text: string, place: string): Buffer
  /** `undefined` where it was sealed with another secret, for another place, or changed since. */
  open(sealed: Uint8Array, place: string): string | undefined
}

const FORM = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const BEFORE_TEXT = 1 + NONCE_BYTES + TAG_BYTES

/** AES-256-GCM under a key derived (HKDF, SHA-256) from the secret for this purpose alone. */
export function createSeal(secret: string, purpose: string): Seal {
  const key = new Uint8Array(hkdfSync('sha256', secret, 'flowgate', purpose, 32))
  return {
    seal(text, place) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(FORM), nonce, cipher.getAuthTag(), sealed])
    },
    open(sealed, place) {
      if (sealed[0] !== FORM || sealed.length < BEFORE_TEXT) return undefined
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(1 + NONCE_BYTES, BEFORE_TEXT))
      try {
        return Buffer.concat([decipher.update(sealed.subarray(BEFORE_TEXT)), decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}

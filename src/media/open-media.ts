import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { MediaAnswer } from './media-answer.ts'

/** The file begins with the ciphertext and ends with so many bytes of its HMAC. */
const TRAILER_BYTES = 10

/**
 * Opens a file as it lies on WhatsApp's servers: hash, HMAC over iv and ciphertext, AES-256-CBC, hash of the content. `undefined`
 * where any of these does not fit: then it is not the file that the person chose.
 */
export function openMedia(
  file: Uint8Array,
  { encryptedHash, plaintextHash, key, iv, hmacKey }: Omit<MediaAnswer, 'cdnUrl' | 'fileName'>,
): Uint8Array | undefined {
  if (file.length <= TRAILER_BYTES || !isHashOf(encryptedHash, file)) return undefined
  const ciphertext = file.subarray(0, -TRAILER_BYTES)
  const code = createHmac('sha256', hmacKey).update(iv).update(ciphertext).digest().subarray(0, TRAILER_BYTES)
  if (!timingSafeEqual(code, file.subarray(-TRAILER_BYTES))) return undefined
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, iv)
    const content = Buffer.concat([decipher.update(ciphertext), decipher.final()])
    return isHashOf(plaintextHash, content) ? content : undefined
  } catch {
    return undefined
  }
}

function isHashOf(hash: Buffer, bytes: Uint8Array): boolean {
  return timingSafeEqual(createHash('sha256').update(bytes).digest(), hash)
}

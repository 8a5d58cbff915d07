import { createHmac, timingSafeEqual } from 'node:crypto'

const HEADER = /^sha256=([0-9a-f]{64})$/

/**
 * Whether `X-Hub-Signature-256` is the HMAC-SHA256 of exactly these bytes under one of the app secrets. Every secret is
 * tried, each compared in constant time; a missing, short or oddly spelt header is simply no.
 */
export function isSigned(body: Uint8Array, header: string | undefined, secrets: readonly string[]): boolean {
  const hex = HEADER.exec(header ?? '')?.[1]
  if (hex === undefined) return false
  return isMacOfAny(body, Buffer.from(hex, 'hex'), secrets)
}

/** Whether `mac` is the HMAC-SHA256 of `content` under one of the secrets. Takes the same time whichever fits. */
export function isMacOfAny(content: string | Uint8Array, mac: Buffer, secrets: readonly string[]): boolean {
  let fits = false
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(content).digest()
    // An empty secret is one that anybody knows.
    if (secret !== '' && mac.length === expected.length && timingSafeEqual(mac, expected)) fits = true
  }
  return fits
}

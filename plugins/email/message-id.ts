/**
 * The Message-ID of a delivery: the same at every try, so that servers and clients can tell a repeat (RFC 5322, 3.6.4).
 * What may not stand in one is written as its code.
 */
export function messageId(key: string, domain: string): string {
  const local = key.replace(/[^A-Za-z0-9_!-]/gu, (character) => `=${character.codePointAt(0)?.toString(16)}=`)
  return `<${local}@${domain}>`
}

/** The Message-ID of an earlier receipt; `undefined` where the receipt's id is none. */
export function threadOf(receiptId: string | undefined): string | undefined {
  return receiptId !== undefined && /^<[^<>\s]{1,400}>$/.test(receiptId) ? receiptId : undefined
}

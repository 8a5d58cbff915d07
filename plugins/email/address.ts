/**
 * One address and nothing else: no list, no name beside it, no group. A text such as "a@x, evil@y" would go to both, and of a
 * character that nobody sees another address could be made on the way.
 */
export const addressPattern = /^[^\s\p{C},;:<>()[\]\\"'@]+@[^\s\p{C},;:<>()[\]\\"'@]+$/u

/** Whether this is one e-mail address of a length that servers take (RFC 5321, 4.5.3.1). */
export function isAddress(text: string): boolean {
  return text.length <= 254 && addressPattern.test(text)
}

/** What stands behind the @. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

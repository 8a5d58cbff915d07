const BLOCK = /-----BEGIN [^-\r\n]+-----[\s\S]*?-----END [^-\r\n]+-----/gu

/**
 * The PEM blocks in a text. Environment variables often carry line breaks as `\n`, so these are put back; commas cannot
 * separate keys blindly, for an encrypted PKCS#1 key has commas in its own header. A text without a block stays whole,
 * so that whoever parses it can name the fault.
 */
export function splitPem(text: string): readonly string[] {
  const unescaped = text.replaceAll('\\r', '').replaceAll('\\n', '\n')
  const blocks = unescaped.match(BLOCK)
  if (blocks !== null) return blocks
  return unescaped.trim() === '' ? [] : [unescaped]
}

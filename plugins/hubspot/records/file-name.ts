const ENDING = '.files'
const LONGEST_KEY = 64
const LONGEST_STEM = 60

/** The key of the note that files of a delivery hang on: never longer than the longest key, and never another delivery's. */
export async function fileNoteKey(idempotencyKey: string): Promise<string> {
  if (idempotencyKey.length + ENDING.length <= LONGEST_KEY) return `${idempotencyKey}${ENDING}`
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(idempotencyKey))
  return `${Buffer.from(hash)
    .toString('hex')
    .slice(0, LONGEST_KEY - ENDING.length)}${ENDING}`
}

/**
 * The name of a file in HubSpot's file manager: as the person's phone named it, then which file of which delivery it is, so
 * that it is the same however often it is uploaded and never another's.
 */
export function uploadName(name: string, idempotencyKey: string, index: number): string {
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot + 1)] : [name, '']
  const extension = /^[A-Za-z0-9]{1,10}$/.test(ending) ? `.${ending.toLowerCase()}` : ''
  const kept = plain(stem).slice(0, LONGEST_STEM) || 'file'
  return `${kept}-${plain(idempotencyKey)}-${index + 1}${extension}`
}

/** Letters, digits and signs that no file system and no address minds. */
function plain(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}_.-]+/gu, '-')
    .replace(/^[.-]+/, '')
}

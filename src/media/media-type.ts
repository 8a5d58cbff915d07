/** First bytes of the kinds of files that pickers offer most. */
const SIGNATURES: readonly (readonly [type: string, bytes: string])[] = [
  ['image/jpeg', 'ffd8ff'],
  ['image/png', '89504e470d0a1a0a'],
  ['application/pdf', '255044462d'],
  ['image/gif', '474946383'],
  ['image/tiff', '49492a00'],
]

const BY_ENDING: ReadonlyMap<string, string> = new Map([
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['heic', 'image/heic'],
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['csv', 'text/csv'],
  ['doc', 'application/msword'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xls', 'application/vnd.ms-excel'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['ppt', 'application/vnd.ms-powerpoint'],
  ['pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  ['mp4', 'video/mp4'],
  ['mp3', 'audio/mpeg'],
])

/** The media type that a file's name promises: WhatsApp sends none. */
export function promisedMediaType(fileName: string): string {
  const ending = fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase()
  return BY_ENDING.get(ending) ?? 'application/octet-stream'
}

/**
 * Whether a file's content may be what its name promises: a page that calls itself an image is not taken. An image of another
 * kind is: phones make pictures anew and leave their names.
 */
export function keepsPromise(mediaType: string, content: Uint8Array): boolean {
  const begins = Buffer.from(content.subarray(0, 16)).toString('hex')
  const known = SIGNATURES.find(([, bytes]) => begins.startsWith(bytes))?.[0]
  if (known === mediaType || (isImage(known) && isImage(mediaType))) return true
  const promised = SIGNATURES.some(([type]) => type === mediaType)
  return !promised && (known === undefined || mediaType === 'application/octet-stream')
}

function isImage(mediaType: string | undefined): boolean {
  return mediaType?.startsWith('image/') === true
}

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Issue } from './issue.ts'

/** Meta's limit for an image on a screen ("Components", Image); lists allow less, which each screen's own check knows. */
const MOST_BYTES = 300 * 1024

/** First bytes of what WhatsApp shows: PNG (W3C PNG, 5.2) and JPEG (ITU-T T.81, B.1.1). */
const SIGNATURES = ['89504e470d0a1a0a', 'ffd8ff']

const READ = /\.(?:png|jpe?g)$/iu

/** Images of other kinds would be passed over in silence, so they are errors; other files are none of ours. */
const OTHER_IMAGE = /\.(?:webp|gif|svg|bmp|tiff?|heic|avif)$/iu

/** The images of one flow as base64 text, by the name `image:` refers to. `at` is `flows/<flow>/images/`. */
export async function readImages(
  root: string,
  at: string,
  add: (issue: Issue) => void,
): Promise<ReadonlyMap<string, string>> {
  const images = new Map<string, string>()
  for (const name of await namesIn(join(root, at))) {
    const problem = (message: string): void =>
      add({ severity: 'error', code: 'FG_CONFIG_IMAGE', message, file: `${at}${name}`, line: 1, column: 1 })
    if (OTHER_IMAGE.test(name)) problem('WhatsApp shows JPEG and PNG only: convert the image')
    if (!READ.test(name)) continue
    try {
      const bytes = await readFile(join(root, at, name))
      const wrong = faultOf(bytes)
      if (wrong === undefined) images.set(name, bytes.toString('base64'))
      else problem(wrong)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
      problem(`cannot be read (${code}): check that it is a file and its permissions`)
    }
  }
  return images
}

function faultOf(bytes: Buffer): string | undefined {
  if (bytes.length > MOST_BYTES) {
    return `the image has ${Math.ceil(bytes.length / 1024)} KB: WhatsApp shows ${MOST_BYTES / 1024} KB at most, so make it smaller`
  }
  const first = bytes.subarray(0, 8).toString('hex')
  if (SIGNATURES.some((signature) => first.startsWith(signature))) return undefined
  return 'the file is neither a JPEG nor a PNG image, whatever its name says: save it as one of the two'
}

/** A flow without images has no such folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch {
    return []
  }
}

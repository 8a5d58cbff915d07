import { readFile, realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'

/**
 * Reads files of the configuration folder for plugins, by their path in there: UTF-8, without a byte order mark. Rejects
 * with a sentence for the operator where the file cannot be read or lies elsewhere, links followed.
 */
export function readConfigurationFile(configurationFolder: string): (path: string) => Promise<string> {
  return async (path) => {
    const file = resolve(configurationFolder, path)
    if (isAbsolute(path) || !isInside(resolve(configurationFolder), file)) throw new Error(outside(path))
    const real = await named(path, () => Promise.all([realpath(configurationFolder), realpath(file)]))
    if (!isInside(...real)) throw new Error(outside(path))
    return named(path, async () => new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)))
  }
}

async function named<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    throw new Error(sentenceFor(path, error), { cause: error })
  }
}

function isInside(folder: string, file: string): boolean {
  const way = relative(folder, file)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function outside(path: string): string {
  return `${path} is not in the configuration folder: name a file in there, such as ./queries/calendar.sql`
}

function sentenceFor(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : 'unknown reason'
  if (code === 'ENOENT') return `there is no file ${path} in the configuration folder`
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return `${path} is not UTF-8 text: save it in that encoding`
  return `${path} cannot be read (${code}): check that it is a file and its permissions`
}

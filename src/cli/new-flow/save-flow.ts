import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from '../outcome.ts'

/** The files of a flow's folder, by name. */
export type FlowTexts = Readonly<Record<'flow.json' | 'flow.yaml' | 'mapping.yaml' | 'tests.yaml', string>>

/**
 * Throws a CommandError where `flows/<name>`, or a version of that flow, is there already, and says what it holds. Nothing is
 * ever overwritten.
 */
export async function refuseExisting(flows: string, name: string): Promise<void> {
  const folders = await namesIn(flows)
  const taken = folders.filter((folder) => folder === name || folder.startsWith(`${name}@`))
  if (taken.length === 0) return
  const [first = name] = taken
  const files = await namesIn(join(flows, first))
  const holds = files.length === 0 ? 'is there, and empty' : `holds ${files.join(', ')}`
  throw new CommandError(
    'FG_CLI_FLOW_EXISTS',
    `${join(flows, first)} ${holds}. Nothing is overwritten: choose another name, or move that folder away.`,
  )
}

/**
 * Writes all files of a new flow or none: a gateway that reloads meanwhile never sees half of them. Throws a CommandError
 * where that cannot be done.
 */
export async function saveFlow(flows: string, name: string, texts: FlowTexts): Promise<void> {
  // A name that begins with a dot is no flow.
  const building = join(flows, `.new-${name}-${randomUUID()}`)
  try {
    await mkdir(building, { recursive: true })
    for (const [file, text] of Object.entries(texts)) await writeFile(join(building, file), text, { flag: 'wx' })
    await rename(building, join(flows, name))
  } catch (error) {
    // Where it cannot even be taken away again, the first reason is the one to tell.
    await rm(building, { recursive: true, force: true }).catch(() => {})
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    if (code === 'ENOTEMPTY' || code === 'EEXIST') await refuseExisting(flows, name)
    const message = `The flow cannot be written into ${flows} (${code}). Check the folder's permissions.`
    throw new CommandError('FG_CLI_FILE', message, { cause: error })
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch {
    return []
  }
}

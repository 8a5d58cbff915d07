import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Kind } from '../plugin/definition.ts'
import { type ConfigOption, configurationFolder } from './configuration.ts'
import { pluginFiles } from './new-plugin/plugin-files.ts'
import { CommandError, type Outcome } from './outcome.ts'

export interface NewPluginOptions extends ConfigOption {
  readonly kind: Kind
  readonly title?: string
}

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
/** The name stands in string literals, in YAML and in Markdown. */
const TITLE = /^[\p{L}\p{N}][\p{L}\p{N} .+&-]{0,59}$/u

/** Writes the folder of a new plugin into `plugins` of the configuration folder, such that `flowgate plugin test` passes. Overwrites nothing. */
export async function newPlugin(
  name: string,
  options: NewPluginOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Outcome> {
  const { kind, title = inWords(name) } = options
  if (!NAME.test(name)) {
    const message = `"${name}" cannot be the name of a plugin: write small letters, digits and single hyphens, such as "pipe-drive".`
    throw new CommandError('FG_CLI_USAGE', message)
  }
  if (!TITLE.test(title)) {
    throw new CommandError('FG_CLI_USAGE', 'A title is up to 60 letters, digits, spaces and . + & -.')
  }
  const folder = join(configurationFolder(options, env), 'plugins', name)
  const files = await pluginFiles({ name, title, kind })
  await save(folder, files)
  const place = relative(process.cwd(), folder)
  const text = [
    `${place} holds ${[...files.keys()].join(', ')}.`,
    `Try its checks:   flowgate plugin test ./plugins/${name}`,
    'Then make the stand-in in the test as strict as the vendor, and change vendor.ts and index.ts to match.',
    `Use it:           plugin: ./plugins/${name} in destinations.yaml (README.md in the folder shows how)`,
  ]
  return { ok: true, text: text.join('\n'), json: { ok: true, folder, files: [...files.keys()] } }
}

async function save(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  try {
    await mkdir(join(folder, '..'), { recursive: true })
    await mkdir(folder)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    if (code === 'EEXIST') {
      const message = `${folder} is there already. Nothing is overwritten: choose another name, or move that folder away.`
      throw new CommandError('FG_CLI_PLUGIN_EXISTS', message)
    }
    throw cannotWrite(folder, code, error)
  }
  try {
    for (const [file, text] of files) await writeFile(join(folder, file), text, { flag: 'wx' })
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch(() => {})
    throw cannotWrite(folder, error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason', error)
  }
}

function cannotWrite(folder: string, code: string, cause: unknown): CommandError {
  return new CommandError('FG_CLI_FILE', `${folder} cannot be written (${code}). Check the folder's permissions.`, {
    cause,
  })
}

function inWords(name: string): string {
  return name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => ` ${letter.toUpperCase()}`).trim()
}

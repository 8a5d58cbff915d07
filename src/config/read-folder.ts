import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Issue } from './issue.ts'
import { readImages } from './read-images.ts'
import { parseJson, parseYaml, type SourceFile } from './source-file.ts'

/** The files of one flow's folder, parsed. */
export interface FlowFiles {
  /** The folder's name below `flows/`: `<flow>`, or `<flow>@<version>` for an older version. */
  readonly folder: string
  readonly flowJson: SourceFile | undefined
  readonly flow: SourceFile | undefined
  readonly mapping: SourceFile | undefined
  readonly tests: SourceFile | undefined
  /** By file name, as base64 text. */
  readonly images: ReadonlyMap<string, string>
}

/** A configuration folder, parsed. Files that are not there are `undefined`. */
export interface FolderFiles {
  readonly settings: SourceFile | undefined
  readonly destinations: SourceFile | undefined
  readonly flows: readonly FlowFiles[]
}

const ROOT_FILES = ['flowgate.yaml', 'destinations.yaml'] as const
const FLOW_FILES = ['flow.json', 'flow.yaml', 'mapping.yaml', 'tests.yaml'] as const

/** Meta's limit for a whole Flow JSON. */
const MOST_FLOW_JSON_BYTES = 10 * 1024 * 1024

type AddIssue = (issue: Issue) => void

/** Reads and parses every file the gateway knows in a configuration folder, flows in the order of their names. */
export async function readFolder(folder: string, add: AddIssue): Promise<FolderFiles> {
  const names = await namesIn(folder)
  const problem = (code: string, message: string, file: string): void =>
    add({ severity: 'error', code, message, file, line: 1, column: 1 })
  if (names === undefined) {
    problem('FG_CONFIG_FOLDER', `there is no folder ${folder}: name the configuration folder in FLOWGATE_CONFIG`, '.')
    return { settings: undefined, destinations: undefined, flows: [] }
  }
  checkNames(names, ROOT_FILES, '', problem)
  const flows: FlowFiles[] = []
  for (const name of (await namesIn(join(folder, 'flows'))) ?? []) {
    if (name.startsWith('.') || !(await isFolder(join(folder, 'flows', name)))) continue
    flows.push(await readFlow(folder, name, add, problem))
  }
  if (flows.length === 0)
    problem('FG_CONFIG_NO_FLOW', 'there is no flow: each is a folder with a flow.json and a flow.yaml', 'flows')
  return {
    settings: await readYaml(folder, 'flowgate.yaml', add),
    destinations: await readYaml(folder, 'destinations.yaml', add),
    flows,
  }
}

type Problem = (code: string, message: string, file: string) => void

async function readFlow(root: string, folder: string, add: AddIssue, problem: Problem): Promise<FlowFiles> {
  const at = `flows/${folder}/`
  const names = (await namesIn(join(root, at))) ?? []
  checkNames(names, FLOW_FILES, at, problem)
  const flowJsonText = await readText(root, `${at}flow.json`, add)
  const flow = await readYaml(root, `${at}flow.yaml`, add)
  if (!names.includes('flow.json')) {
    problem('FG_CONFIG_FILE_MISSING', "the flow has no flow.json: export it from Meta's Flow Builder", `${at}flow.json`)
  }
  if (!names.includes('flow.yaml')) problem('FG_CONFIG_FILE_MISSING', 'the flow has no flow.yaml', `${at}flow.yaml`)
  const tooLarge = Buffer.byteLength(flowJsonText ?? '') > MOST_FLOW_JSON_BYTES
  if (tooLarge) problem('FG_CONFIG_FLOW_JSON_SIZE', 'flow.json is above 10 MB: Meta refuses it', `${at}flow.json`)
  return {
    folder,
    flowJson: flowJsonText === undefined || tooLarge ? undefined : parseJson(`${at}flow.json`, flowJsonText, add),
    flow,
    mapping: await readYaml(root, `${at}mapping.yaml`, add),
    tests: await readYaml(root, `${at}tests.yaml`, add),
    images: await readImages(root, `${at}images/`, add),
  }
}

/** A file whose name is only nearly right would be passed over in silence, so it is an error. */
function checkNames(names: readonly string[], known: readonly string[], at: string, problem: Problem): void {
  for (const name of names) {
    const meant = known.includes(name) ? undefined : known.find((file) => plain(file) === plain(name))
    if (meant === undefined || names.includes(meant)) continue
    problem('FG_CONFIG_FILE_NAME', `${name} is not read: did you mean \`${meant}\`?`, `${at}${name}`)
  }
}

/** What a file's name has in common with its slips: other case, `.yml`, one `s` more or less. */
function plain(name: string): string {
  return name.toLowerCase().replace(/s?\.(yaml|yml|json)$/u, (end) => (end.endsWith('json') ? '.json' : '.yaml'))
}

async function readYaml(root: string, file: string, add: AddIssue): Promise<SourceFile | undefined> {
  const text = await readText(root, file, add)
  return text === undefined ? undefined : parseYaml(file, text, add)
}

async function readText(root: string, file: string, add: AddIssue): Promise<string | undefined> {
  try {
    return (await readFile(join(root, file), 'utf8')).replace(/^\uFEFF/u, '')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    if (code === 'ENOENT') return undefined
    const message = `cannot be read (${code}): check its permissions`
    add({ severity: 'error', code: 'FG_CONFIG_FILE_UNREADABLE', message, file, line: 1, column: 1 })
    return undefined
  }
}

async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  try {
    return (await readdir(folder)).sort()
  } catch {
    return undefined
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory()
}

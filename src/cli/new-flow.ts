import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { formatIssue } from '../config/format-issue.ts'
import type { Issue } from '../config/issue.ts'
import { reportIn } from '../config/report-in.ts'
import type { FieldFile } from '../config/schema/flow.ts'
import { NAME_PATTERN, NAME_WORDS } from '../config/schema/names.ts'
import { parseJson } from '../config/source-file.ts'
import type { Json } from '../plugin/json.ts'
import type { FlowJson } from '../whatsapp/flow-json.ts'
import { parseFlowJson } from '../whatsapp/parse-flow-json.ts'
import { type ConfigOption, configurationFolder } from './configuration.ts'
import { chosenTargets, destinationKinds, type WantedTargets } from './new-flow/chosen-targets.ts'
import { draftFlow } from './new-flow/draft.ts'
import { parseFieldList } from './new-flow/field-list.ts'
import { wordsOf } from './new-flow/label.ts'
import { knownFields, madeFlowJson } from './new-flow/made-flow-json.ts'
import { provenTexts } from './new-flow/proven-texts.ts'
import { refuseExisting, saveFlow } from './new-flow/save-flow.ts'
import { CommandError, type Outcome } from './outcome.ts'
import { readTextFile } from './read-file.ts'

export interface NewFlowOptions extends ConfigOption, WantedTargets {
  readonly from?: string
  readonly fields?: readonly string[]
  readonly title?: string
  readonly version?: string
  readonly perScreen?: number
}

type Variables = Readonly<Record<string, string | undefined>>

/**
 * Writes the folder of a new flow, made of an exported Flow JSON or of a list of fields, such that `flowgate check` and
 * `flowgate test` pass. Not ok where the Flow JSON has mistakes of its own; then nothing is written.
 */
export async function newFlow(name: string, options: NewFlowOptions, env: Variables, now: Date): Promise<Outcome> {
  checkOptions(name, options)
  const folder = configurationFolder(options, env)
  if (!existsSync(folder)) {
    const cure = 'Name the right one with --config or FLOWGATE_CONFIG.'
    throw new CommandError('FG_CLI_FILE', `There is no configuration folder ${folder}. ${cure}`)
  }
  const flows = join(folder, 'flows')
  await refuseExisting(flows, name)
  const kinds = await destinationKinds(folder, textIn(folder, 'destinations.yaml'), env)
  const targets = chosenTargets(kinds, options, textIn(folder, 'flowgate.yaml'))
  const source = options.from === undefined ? made(name, options) : exported(options.from)
  if (source.flowJson === undefined) return refused(source.issues)
  const { text, json, flowJson, known } = source
  const draft = draftFlow({ name, json, flowJson, known, now })
  if (draft.version !== undefined && (options.version ?? draft.version) !== draft.version) {
    const message = `The payloads of the Flow JSON say version ${draft.version}: leave out --version, or change them.`
    throw new CommandError('FG_CLI_USAGE', message)
  }
  const named = {
    name,
    title: options.title ?? wordsOf(name),
    version: options.version ?? draft.version ?? '1',
  }
  const schemaLine = (file: string): readonly string[] =>
    existsSync(join(folder, 'schema', `${file}.json`))
      ? [`yaml-language-server: $schema=../../schema/${file}.json`]
      : []
  const { texts, notes } = await provenTexts({ draft, named, flowJson: text, targets, kinds, schemaLine, now })
  await saveFlow(flows, name, texts)
  const unread = kinds === undefined ? ['destinations.yaml has mistakes, so the mapping delivers nothing yet.'] : []
  const all = [...draft.notes, ...notes, ...unread]
  return written(name, join(flows, name), Object.keys(texts), all, source.issues, options)
}

function checkOptions(name: string, { from, fields, perScreen, title, version }: NewFlowOptions): void {
  if (!new RegExp(NAME_PATTERN, 'u').test(name)) {
    throw new CommandError(
      'FG_CLI_USAGE',
      `"${name}" cannot be the name of a flow: write ${NAME_WORDS.get(NAME_PATTERN)}.`,
    )
  }
  if ((from === undefined) === (fields === undefined)) {
    const message =
      "Name either an exported Flow JSON with --from, or fields with --fields 'full_name:text!, email:email!'."
    throw new CommandError('FG_CLI_USAGE', message)
  }
  if (perScreen !== undefined && fields === undefined) {
    throw new CommandError('FG_CLI_USAGE', '--per-screen goes with --fields: a Flow JSON has its screens already.')
  }
  if (title?.trim() === '') throw new CommandError('FG_CLI_USAGE', '--title needs a word or more.')
  if (version !== undefined && (version.trim() === '' || version.length > LONGEST_VERSION)) {
    throw new CommandError('FG_CLI_USAGE', `--version needs 1 to ${LONGEST_VERSION} characters.`)
  }
}

const LONGEST_VERSION = 64

/** Meta's limit for a whole Flow JSON, in bytes. */
const LARGEST = 10 * 1024 * 1024

/** A Flow JSON to begin with; `flowJson` is absent where it has mistakes. */
interface Source {
  readonly text: string
  readonly json: Json
  readonly flowJson: FlowJson | undefined
  readonly known: ReadonlyMap<string, FieldFile>
  readonly issues: readonly Issue[]
}

function made(name: string, { fields = [], title, perScreen = 5 }: NewFlowOptions): Source {
  const listed = parseFieldList(fields)
  const json = madeFlowJson(listed, title ?? wordsOf(name), perScreen)
  const text = `${JSON.stringify(json, undefined, 2)}\n`
  return { text, json, flowJson: parseFlowJson(json, () => {}), known: knownFields(listed), issues: [] }
}

function exported(file: string): Source {
  // A byte order mark is no JSON; the rest is copied as it stands.
  const text = readTextFile(file).replace(/^\uFEFF/u, '')
  if (Buffer.byteLength(text) > LARGEST) {
    throw new CommandError(
      'FG_CLI_FILE',
      `${file} is above 10 MB: Meta refuses such a Flow JSON. Make its pictures smaller.`,
    )
  }
  const issues: Issue[] = []
  const add = (issue: Issue): void => {
    issues.push(issue)
  }
  const place = relative(process.cwd(), file)
  const source = parseJson(place.startsWith('..') ? file : place, text, add)
  const json = (source.data ?? null) as Json
  const flowJson = source.data === undefined ? undefined : parseFlowJson(json, reportIn(source, add))
  const sound = issues.every(({ severity }) => severity !== 'error')
  return { text, json, flowJson: sound ? flowJson : undefined, known: new Map(), issues }
}

function refused(issues: readonly Issue[]): Outcome {
  const errors = issues.filter(({ severity }) => severity === 'error').length
  const verdict = `The Flow JSON has ${errors} mistake${errors === 1 ? '' : 's'} of its own. Nothing was written.`
  return {
    ok: false,
    text: [...issues.map(formatIssue), verdict].join('\n'),
    json: { ok: false, issues: issues.map((issue) => ({ ...issue })) },
  }
}

function written(
  name: string,
  folder: string,
  files: readonly string[],
  notes: readonly string[],
  issues: readonly Issue[],
  options: NewFlowOptions,
): Outcome {
  const near = relative(process.cwd(), folder)
  const place = near.startsWith('..') ? folder : near
  const config = options.config === undefined ? '' : ` --config ${asWord(options.config)}`
  const next = [`flowgate check${config}`, `flowgate test ${name}${config}`]
  const paths = files.map((file) => join(place, file))
  const lines = [
    'Written:',
    ...paths.map((path) => `  ${path}`),
    ...(issues.length === 0 ? [] : ['Of the Flow JSON:', ...issues.map((issue) => `  ${formatIssue(issue)}`)]),
    ...(notes.length === 0 ? [] : ['Look at:', ...notes.map((note) => `  ${note}`)]),
    'Next: replace what the comments name, then run',
    ...next.map((command) => `  ${command}`),
  ]
  const json = {
    ok: true,
    flow: name,
    folder: place,
    files: paths,
    notes,
    next,
    issues: issues.map((issue) => ({ ...issue })),
  }
  return { ok: true, text: lines.join('\n'), json }
}

/** A word of a command line that can be copied. */
function asWord(text: string): string {
  return /[^\w./@:-]/u.test(text) ? `'${text.replaceAll("'", `'\\''`)}'` : text
}

function textIn(folder: string, file: string): string | undefined {
  const path = join(folder, file)
  return existsSync(path) ? readTextFile(path) : undefined
}

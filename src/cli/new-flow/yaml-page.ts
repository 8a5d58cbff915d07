import {
  Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { Path } from '../../config/issue.ts'
import type { JsonObject } from '../../plugin/json.ts'

/** What an operator reads beside a value, or in the lines above it. */
export interface Remark {
  readonly path: Path
  readonly text: string
  /** Above the value even where there is room beside it. */
  readonly above?: boolean
}

/** A YAML file before it is written. */
export interface Page {
  readonly content: JsonObject
  readonly remarks: readonly Remark[]
  /** Comment lines at the top. */
  readonly head: readonly string[]
}

/** Characters of JSON: what has no more stands on one line, as people write it. */
const MOST_ON_A_LINE = 84

/** Characters of a value and its remark that have room on one line. */
const MOST_BESIDE = 90

/** Keys whose members each have a line of their own, however short they are. */
const SPREAD: ReadonlySet<string> = new Set([
  ...['screens', 'fields', 'data', 'triggers', 'next'],
  ...['tests', 'steps', 'expect', 'records', 'notifications', 'facts'],
])

const WIDTH = 120

/** The text of a page, with its remarks as comments. */
export function yamlText({ content, remarks, head }: Page): string {
  const document = new Document(content)
  lay(document.contents, [], remarks)
  for (const remark of remarks) place(document, remark)
  return `${head.map((line) => `# ${line}\n`).join('')}${document.toString({ lineWidth: WIDTH })}`
}

/** Puts on one line what is short and holds no remark. */
function lay(node: unknown, path: Path, remarks: readonly Remark[]): void {
  if (!isCollection(node)) return
  if (isShort(node, path, remarks)) node.flow = true
  if (node.flow === true) pad(node)
  for (const [index, item] of node.items.entries()) {
    if (isPair(item)) lay(item.value, [...path, keyOf(item)], remarks)
    else lay(item, [...path, index], remarks)
  }
}

/** `{ a: [b, c] }`: the library pads either all collections on a line or none. */
function pad(node: YAMLMap | YAMLSeq): void {
  const write = node.toString
  node.toString = (context, ...rest) =>
    write.call(node, context && { ...context, flowCollectionPadding: isSeq(node) ? '' : ' ' }, ...rest)
}

function isShort(node: YAMLMap | YAMLSeq, path: Path, remarks: readonly Remark[]): boolean {
  const name = path.at(-1)
  if (node.items.length === 0) return true
  if (path.length === 0 || (typeof name === 'string' && SPREAD.has(name))) return false
  // A screen, a test, a record: what has a name of its own is laid out.
  const parent = path.at(-2)
  if (['screens', 'tests', 'records', 'notifications'].includes(String(parent))) return false
  if (parent === 'next' && node.items.length === 1) return false
  if (remarks.some((remark) => remark.path.length > path.length && startsWith(remark.path, path))) return false
  return JSON.stringify(node).length <= MOST_ON_A_LINE
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((part, index) => String(part) === String(path[index]))
}

function place(document: Document, { path, text, above: asked = false }: Remark): void {
  const written = JSON.stringify(document.getIn(path) ?? null).length
  const above = asked || text.includes('\n') || written + text.length > MOST_BESIDE
  const parent = document.getIn(path.slice(0, -1), true)
  const name = path.at(-1)
  const comment = (lines: string): string => lines.replace(/^/gmu, ' ')
  if (isSeq(parent)) {
    const item = parent.items[Number(name)] as Node | undefined
    if (item === undefined) return
    if (above || (isCollection(item) && item.flow !== true)) item.commentBefore = comment(text)
    else item.comment = comment(text)
  } else if (isMap(parent)) {
    const pair = parent.items.find((item) => keyOf(item) === String(name))
    if (pair === undefined) return
    const value = pair.value as Node | null
    const laidOut = isCollection(value) && value.flow !== true
    if (above || laidOut || value === null) (pair.key as Node).commentBefore = comment(text)
    else value.comment = comment(text)
  }
}

function keyOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key)
}

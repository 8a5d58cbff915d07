import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from 'yaml'
import { nearest } from '../value/nearest.ts'
import type { Issue, Path } from './issue.ts'

/** A parsed file that knows where everything in it stands. */
export interface SourceFile {
  /** Relative to the configuration folder. */
  readonly file: string
  /** `undefined` where the text could not be parsed. */
  readonly data: unknown
  /** Where a path stands, or the deepest part of it that exists. `atKey` asks for the key instead of its value. */
  place(path: Path, atKey?: boolean): Place
}

/** Counted from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

type AddIssue = (issue: Issue) => void

/** Parses YAML 1.2. Syntax errors leave `data` undefined; a key written twice is an issue and the last one counts. */
export function parseYaml(file: string, text: string, add: AddIssue): SourceFile {
  const { document, place } = read(file, text, add)
  const broken = document.errors.filter(({ code }) => code !== 'DUPLICATE_KEY')
  const told = new Set<number>()
  for (const { message, pos } of [...broken, ...document.warnings]) {
    // What else the parser says of the same place follows from the first.
    if (told.has(pos[0])) continue
    told.add(pos[0])
    add({ ...notYaml(message), file, ...place(pos[0]) })
  }
  return {
    file,
    data:
      broken.length > 0 ? undefined : contentOf(document, (message) => add({ ...notYaml(message), file, ...place(0) })),
    place: (path, atKey) => place(offsetOf(document, path, atKey === true)),
  }
}

function notYaml(message: string) {
  return { severity: 'error', code: 'FG_CONFIG_YAML', message: `not valid YAML: ${message}` } as const
}

/** Aliases that lead nowhere or multiply without end only show when the content is built. */
function contentOf(document: Document.Parsed, problem: (message: string) => void): unknown {
  try {
    return document.toJS()
  } catch (error) {
    problem(error instanceof Error ? error.message : 'unknown reason')
    return undefined
  }
}

/** Parses strict JSON. A syntax error leaves `data` undefined; a key written twice is an issue. */
export function parseJson(file: string, text: string, add: AddIssue): SourceFile {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown reason'
    const position = /at position (\d+)/u.exec(message)?.[1]
    const offset = position === undefined ? text.trimEnd().length : Number(position)
    const issue = { severity: 'error', code: 'FG_CONFIG_JSON', message: `not valid JSON: ${message}`, file } as const
    add({ ...issue, ...placeIn(text, offset) })
    return { file, data: undefined, place: () => ({ line: 1, column: 1 }) }
  }
  const { document, place } = read(file, text, add)
  return { file, data, place: (path, atKey) => place(offsetOf(document, path, atKey === true)) }
}

/** JSON is read as YAML too, for the positions only. */
function read(file: string, text: string, add: AddIssue) {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  for (const { code, pos } of document.errors) {
    if (code !== 'DUPLICATE_KEY') continue
    const key = /^"?([^":,\s]+)/u.exec(text.slice(pos[0], pos[0] + 100))?.[1] ?? ''
    const message = `the key \`${key}\` stands here twice: keep one`
    add({ severity: 'error', code: 'FG_CONFIG_DUPLICATE_KEY', message, file, ...place(pos[0]) })
  }
  return { document, place }
}

function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

function offsetOf(document: Document.Parsed, path: Path, atKey: boolean): number {
  let node: Node | null | undefined = document.contents
  let key: Node | undefined
  for (const part of path) {
    const container: Node | null | undefined = isAlias(node) ? node.resolve(document) : node
    if (isMap(container)) {
      const pair = pairOf(container, String(part))
      if (pair === undefined || !isScalar(pair.key)) return startOf(key) ?? startOf(node) ?? 0
      key = pair.key
      node = pair.value as Node | null
    } else if (isSeq(container) && container.items[Number(part)] !== undefined) {
      key = undefined
      node = container.items[Number(part)] as Node
    } else {
      return startOf(key) ?? startOf(node) ?? 0
    }
  }
  return (atKey ? startOf(key) : undefined) ?? startOf(node) ?? startOf(key) ?? 0
}

/** The last pair with this key; without one the pair it was most likely mistyped as. */
function pairOf(map: YAMLMap, key: string) {
  const named = map.items.filter((item) => isScalar(item.key))
  const keyOf = ({ key: node }: (typeof named)[number]): string => (isScalar(node) ? String(node.value) : '')
  const exact = named.findLast((item) => keyOf(item) === key)
  return exact ?? named.find((item) => keyOf(item) === nearest(key, named.map(keyOf)))
}

function startOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0]
}

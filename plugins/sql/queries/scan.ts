import type { Dialect } from '../connect/dialect.ts'

/** A piece of SQL. `open`: a quote or comment that is never closed. `positional`: a driver's own placeholder. */
export interface Piece {
  readonly kind: 'space' | 'comment' | 'quoted' | 'word' | 'parameter' | 'positional' | 'end' | 'open' | 'other'
  readonly text: string
  /** Where it begins in the scanned text. */
  readonly start: number
}

type Rule = readonly [kind: Piece['kind'], pattern: RegExp]

const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y
const DOLLAR = String.raw`\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$`

/** Both dialects, after their quotes and comments. */
const REST: readonly Rule[] = [
  // A colon that clings to what stands before it, as in the slices a[1:n] and a[b:c].
  ['other', /(?<=[\w\])"\u0080-\uffff]):(?!:)\w+/y],
  // A cast and `:=`.
  ['other', /::|:=/y],
  ['parameter', /:[A-Za-z_]\w*/y],
  ['word', WORD],
  ['other', /\d[\w.]*/y],
  ['end', /;/y],
  ['other', /./suy],
]

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html, with `standard_conforming_strings` on. */
const POSTGRES: readonly Rule[] = [
  ['space', /\s+/y],
  ['comment', /--[^\r\n]*/y],
  ['quoted', /[Ee]'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'/suy],
  ['open', /[Ee]'/y],
  ['quoted', /'[^']*(?:''[^']*)*'/y],
  ['quoted', /"[^"]*(?:""[^"]*)*"/y],
  ['quoted', new RegExp(`(${DOLLAR}).*?\\1`, 'sy')],
  ['open', new RegExp(`['"]|${DOLLAR}`, 'y')],
  ['positional', /\$\d+/y],
  ...REST,
]

/** https://mariadb.com/kb/en/comment-syntax/ and https://dev.mysql.com/doc/refman/8.4/en/string-literals.html */
const MYSQL: readonly Rule[] = [
  ['space', /\s+/y],
  // `--name:` begins a query here as well, although the server would take it for two minus signs.
  ['comment', /(?:--(?=\s|$|name\s*:)|#)[^\r\n]*/iy],
  // What the server executes although it looks like a comment.
  ['other', /\/\*M?!.*?\*\//suy],
  ['comment', /\/\*.*?\*\//suy],
  ['quoted', /'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'/suy],
  ['quoted', /"[^"\\]*(?:(?:\\.|"")[^"\\]*)*"/suy],
  ['quoted', /`[^`]*(?:``[^`]*)*`/y],
  ['open', /['"`]|\/\*/y],
  ['positional', /\?/y],
  ...REST,
]

/** Cuts SQL into pieces that together are the whole text. After an open one comes nothing: the rest belongs to it. */
export function scan(text: string, dialect: Dialect): readonly Piece[] {
  const pieces: Piece[] = []
  let at = 0
  while (at < text.length) {
    const piece = next(text, at, dialect)
    pieces.push(piece)
    if (piece.kind === 'open') break
    at += piece.text.length
  }
  return pieces
}

function next(text: string, start: number, dialect: Dialect): Piece {
  // Only PostgreSQL's comments lie in one another, which no regular expression follows.
  if (dialect === 'postgres' && text.startsWith('/*', start)) return nestedComment(text, start)
  for (const [kind, pattern] of dialect === 'postgres' ? POSTGRES : MYSQL) {
    pattern.lastIndex = start
    const found = pattern.exec(text)
    if (found !== null) return { kind, text: found[0], start }
  }
  return { kind: 'other', text: text.charAt(start), start }
}

function nestedComment(text: string, start: number): Piece {
  const edge = /\/\*|\*\//g
  edge.lastIndex = start
  let depth = 0
  for (let found = edge.exec(text); found !== null; found = edge.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return { kind: 'comment', text: text.slice(start, edge.lastIndex), start }
  }
  return { kind: 'open', text: '/*', start }
}

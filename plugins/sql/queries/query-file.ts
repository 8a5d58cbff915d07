import type { Query } from 'flowgate/plugin'
import type { Dialect } from '../connect/dialect.ts'
import { type Piece, scan } from './scan.ts'
import { type Statement, statementOf } from './statement.ts'

/** One named query of the file. */
export interface NamedQuery extends Query, Statement {
  /** The line its statement begins in. */
  readonly line: number
}

/** What queries are read with. */
export interface QueryFileOptions {
  /** As the operator knows it: mistakes are told as `file:line`. */
  readonly file: string
  readonly dialect: Dialect
  /** Whether queries that write are allowed. */
  readonly writes: boolean
}

/** Mistakes in a file of queries, a sentence each, in order. */
export class QueryFileError extends Error {
  override readonly name = 'QueryFileError'
}

/** `-- name: free_slots` or `-- name: hold_slot (reserve)`. */
const HEADER = /^--\s*name\s*:\s*(.*?)\s*$/i
const NAMED = /^([A-Za-z][\w-]*)(?:\s*\(\s*([^()]*?)\s*\))?$/
const PURPOSES: readonly Query['purpose'][] = ['read', 'reserve', 'release']

/** What a query may begin with: nothing that changes the connection for those who use it after. */
const FIRST_WORDS: Readonly<Record<'read' | 'write', readonly string[]>> = {
  read: ['select', 'with', 'values', 'table'],
  write: ['insert', 'update', 'delete', 'with', 'select', 'merge'],
}

/** Reads the named queries of a file; throws a QueryFileError with every mistake in it. */
export function readQueryFile(text: string, options: QueryFileOptions): ReadonlyMap<string, NamedQuery> {
  const file = new Reading(text.replace(/^\uFEFF/, ''), options)
  const queries = file.queries()
  if (file.mistakes.length > 0) throw new QueryFileError(inOrder(file.mistakes))
  return queries
}

interface Header {
  readonly name: string
  readonly purpose: Query['purpose']
  readonly start: number
}

interface Mistake {
  readonly line: number
  readonly sentence: string
}

function inOrder(mistakes: readonly Mistake[]): string {
  const sorted = mistakes.toSorted((one, other) => one.line - other.line)
  return sorted.map(({ sentence }) => sentence).join(' ')
}

class Reading {
  readonly mistakes: Mistake[] = []
  readonly #text: string
  readonly #options: QueryFileOptions

  constructor(text: string, options: QueryFileOptions) {
    this.#text = text
    this.#options = options
  }

  queries(): ReadonlyMap<string, NamedQuery> {
    const before: Piece[] = []
    const sections: { readonly header: Piece; readonly body: Piece[] }[] = []
    for (const piece of scan(this.#text, this.#options.dialect)) {
      if (this.#beginsQuery(piece)) sections.push({ header: piece, body: [] })
      else (sections.at(-1)?.body ?? before).push(piece)
    }
    this.#mustBeEmpty(before)
    if (sections.length === 0 && this.mistakes.length === 0) {
      this.#mistake(0, 'there is no query: begin each with a line `-- name: free_slots`.')
    }
    const queries = new Map<string, NamedQuery>()
    const names = new Map<string, number>()
    for (const section of sections) {
      const header = this.#header(section.header)
      if (header === undefined) continue
      const known = names.get(header.name)
      if (known === undefined) names.set(header.name, this.#line(header.start))
      else {
        this.#mistake(header.start, `there is a query ${header.name} in line ${known} already: rename one of them.`)
      }
      const query = this.#query(header, section.body)
      if (query !== undefined) queries.set(header.name, query)
    }
    return queries
  }

  #beginsQuery({ kind, text, start }: Piece): boolean {
    return kind === 'comment' && HEADER.test(text) && /(?:^|[\r\n])[ \t]*$/.test(this.#text.slice(0, start))
  }

  #header({ text, start }: Piece): Header | undefined {
    const [, name, purpose = 'read'] = NAMED.exec(HEADER.exec(text)?.[1] ?? '') ?? []
    if (name === undefined) {
      const example = '`-- name: free_slots` or `-- name: hold_slot (reserve)`'
      this.#mistake(start, `a query is named as in ${example}, with letters, digits, _ and -.`)
      return undefined
    }
    const known = PURPOSES.find((each) => each === purpose.toLowerCase())
    if (known === undefined) {
      this.#mistake(start, `(${purpose}) is nothing a query can be for: write (reserve), (release) or nothing.`)
      return undefined
    }
    if (known !== 'read' && !this.#options.writes) {
      this.#mistake(start, `the query ${name} writes: set \`writes: true\` for this source, or take (${known}) out.`)
    }
    return { name, purpose: known, start }
  }

  #query(header: Header, body: readonly Piece[]): NamedQuery | undefined {
    const { name, purpose } = header
    const open = body.find(({ kind }) => kind === 'open')
    if (open !== undefined) {
      this.#mistake(open.start, `what begins with ${open.text} is never closed.`)
      return undefined
    }
    const [first, ...more] = statementsIn(body)
    if (first === undefined) {
      this.#mistake(header.start, `the query ${name} has no text.`)
      return undefined
    }
    for (const another of more.slice(0, 1)) {
      const message = `the query ${name} holds a second statement: give it a name of its own, or remove the semicolon before it.`
      this.#mistake(another[0].start, message)
    }
    this.#mustBeginWell(name, purpose, first)
    const statement = statementOf(first, this.#options.dialect)
    this.#mustHaveParameters(header, first, statement)
    const parameters = [...new Set(statement.places)].filter((place) => place !== 'key')
    return { name, purpose, parameters, line: this.#line(first[0].start), ...statement }
  }

  #mustBeginWell(name: string, purpose: Query['purpose'], pieces: Pieces): void {
    const begin = pieces.find(({ kind, text }) => kind !== 'space' && kind !== 'comment' && text !== '(') ?? pieces[0]
    const allowed = FIRST_WORDS[purpose === 'read' ? 'read' : 'write']
    if (allowed.includes(begin.text.toLowerCase())) return
    const marked = purpose === 'read' ? ' Mark it (reserve) or (release) where it writes.' : ''
    this.#mistake(
      begin.start,
      `the query ${name} begins with ${begin.text.slice(0, 40)}, not with ${allowed.join(', ')}.${marked}`,
    )
  }

  #mustHaveParameters({ name, purpose, start }: Header, pieces: Pieces, { places }: Statement): void {
    for (const piece of pieces.filter(({ kind }) => kind === 'positional')) {
      this.#mistake(piece.start, `${piece.text} in the query ${name}: write parameters by name, as in :department.`)
    }
    const key = pieces.find(({ kind, text }) => kind === 'parameter' && text === ':key')
    if (purpose === 'read' && key !== undefined) {
      const message = `:key is what a reservation is held under, and the query ${name} only reads: use another name.`
      this.#mistake(key.start, message)
    }
    if (purpose !== 'read' && !places.includes('key')) {
      const message = `the query ${name} does not use :key: what is held must be found again by it.`
      this.#mistake(start, message)
    }
    const updates = purpose === 'reserve' && this.#options.dialect === 'mysql' ? onDuplicateKey(pieces) : undefined
    if (updates !== undefined) {
      const message = `ON DUPLICATE KEY UPDATE in the query ${name} counts what somebody else holds as held: see the documentation of this plugin for a form that does not.`
      this.#mistake(updates.start, message)
    }
  }

  #mustBeEmpty(before: readonly Piece[]): void {
    const stray = before.find(({ kind }) => kind !== 'space' && kind !== 'comment')
    if (stray === undefined) return
    const sentence =
      stray.kind === 'open'
        ? `what begins with ${stray.text} is never closed.`
        : 'there is SQL before the first line `-- name: …`: give it a name.'
    this.#mistake(stray.start, sentence)
  }

  #mistake(start: number, sentence: string): void {
    this.mistakes.push({ line: this.#line(start), sentence: `${this.#options.file}:${this.#line(start)}: ${sentence}` })
  }

  #line(start: number): number {
    return this.#text.slice(0, start).split('\n').length
  }
}

type Pieces = readonly [Piece, ...Piece[]]

/** The statements of a query, from their first piece to their last; comments and spaces alone are none. */
function statementsIn(body: readonly Piece[]): readonly Pieces[] {
  const statements: Piece[][] = [[]]
  for (const piece of body) {
    if (piece.kind === 'end') statements.push([])
    else statements.at(-1)?.push(piece)
  }
  return statements.flatMap((pieces): Pieces[] => {
    const says = ({ kind }: Piece) => kind !== 'space' && kind !== 'comment'
    const [first, ...rest] = pieces.slice(pieces.findIndex(says), pieces.findLastIndex(says) + 1)
    return first === undefined || !pieces.some(says) ? [] : [[first, ...rest]]
  })
}

function onDuplicateKey(pieces: Pieces): Piece | undefined {
  const words = pieces.filter(({ kind }) => kind === 'word')
  return words.find((_, index) =>
    ['on', 'duplicate', 'key'].every((word, offset) => words[index + offset]?.text.toLowerCase() === word),
  )
}

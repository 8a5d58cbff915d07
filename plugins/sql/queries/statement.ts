import type { Dialect } from '../connect/dialect.ts'
import type { Piece } from './scan.ts'

/** SQL as the server gets it: with places where values are bound, never with the values themselves. */
export interface Statement {
  readonly text: string
  /** The name of the parameter bound at each place. */
  readonly places: readonly string[]
}

/**
 * Puts the dialect's own places where the parameters stand. In PostgreSQL a parameter used twice is one place, so that
 * `group by` sees the same expression; in MySQL each use is a place of its own.
 */
export function statementOf(pieces: readonly Piece[], dialect: Dialect): Statement {
  const places: string[] = []
  const text = pieces.map((piece) => {
    if (piece.kind !== 'parameter') return piece.text
    const name = piece.text.slice(1)
    if (dialect === 'mysql') {
      places.push(name)
      return '?'
    }
    if (!places.includes(name)) places.push(name)
    return `$${places.indexOf(name) + 1}`
  })
  return { text: text.join(''), places }
}
